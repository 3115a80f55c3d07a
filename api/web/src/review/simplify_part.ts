/** Fewer corners: by a tolerance in metres, with what that changes before it is taken. */

import { el, fill } from '../dom'
import { number } from '../format'
import { crosses } from '../map/corners'
import type { Drawing } from '../map/drawing'
import { type Simplified, simplified } from '../map/simplified'
import { say } from '../wording'

/** In metres: about two pixels of a usual flight's analysis. */
const USUAL = 0.5
const LEAST = 0.05
const MOST = 50

export class SimplifyPart {
  readonly body: HTMLElement
  private readonly tolerance = el('input', {
    // Text, for a number field writes a point whatever the language of the page.
    inputmode: 'decimal',
    name: 'tolerance',
    autocomplete: 'off',
    value: number(USUAL, 1),
    required: true,
    oninput: () => this.draw(),
  })
  private readonly told = el('p', { role: 'status' })
  private readonly take = el(
    'button',
    { type: 'button', onclick: () => this.taken() },
    say('outline.simplify.take'),
  )
  private now: Simplified | null = null

  constructor(private readonly drawing: Drawing) {
    this.body = el(
      'details',
      { class: 'simplify', ontoggle: () => this.draw() },
      el('summary', {}, say('outline.simplify.title')),
      el('label', {}, say('outline.simplify.tolerance'), this.tolerance),
      this.told,
      this.take,
    )
  }

  draw(): void {
    const { drawing, body, tolerance } = this
    body.hidden = !drawing.isClosed || drawing.stretch !== null
    if (body.hidden || !(body as HTMLDetailsElement).open) return
    const metres = read(tolerance.value)
    const isSound = !crosses(drawing.state)
    this.now = isSound && metres !== null ? simplified(drawing.state, metres) : null
    this.take.disabled = this.now === null || this.now.after.corners === this.now.before.corners
    fill(
      this.told,
      this.now === null
        ? isSound
          ? say('outline.simplify.unfit', { least: number(LEAST, 2), most: number(MOST) })
          : say('outline.crosses')
        : words(this.now),
    )
  }

  private taken(): void {
    if (this.now !== null) this.drawing.change(this.now.drawn)
  }
}

/** With a point or a comma; null for what is no tolerance. */
function read(text: string): number | null {
  const metres = /^\d+([.,]\d*)?$/.test(text.trim()) ? Number(text.replace(',', '.')) : Number.NaN
  return metres >= LEAST && metres <= MOST ? metres : null
}

function words({ before, after }: Simplified): string {
  const change = after.squareMetres - before.squareMetres
  const share = (100 * change) / before.squareMetres
  return say('outline.simplify.told', {
    before: before.corners,
    after: after.corners,
    change: signed(change, 1),
    share: signed(share, 2),
    area: number(after.squareMetres, 1),
  })
}

function signed(value: number, digits: number): string {
  const size = number(Math.abs(value), digits)
  if (size === number(0, digits)) return size
  return value < 0 ? `−${size}` : `+${size}`
}
