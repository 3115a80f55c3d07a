/**
 * Which flight the map shows: this one, the earlier one, one over the other up to a line, one through
 * the other, or the change between them.
 */

import { el, fill } from '../dom'
import { number, percent } from '../format'
import { rampCss, SHOWN_FROM } from '../map/change_ramp'
import type { LayerName } from '../map/pictures'
import type { TilesMap } from '../map/tiles_map'
import { say } from '../wording'

const LOOKS = {
  current: ['current'],
  baseline: ['baseline'],
  swipe: ['current', 'baseline'],
  fade: ['current', 'baseline'],
  change: ['current', 'change'],
} as const satisfies Record<string, LayerName[]>
type LookName = keyof typeof LOOKS

const HALF = '50'
const FULL = 100

export class MapLooks {
  readonly buttons: HTMLElement
  /** Lies on the map: a slider, or what the shades of change mean. */
  readonly panel = el('div', { class: 'panel' })
  readonly divider = el('div', { class: 'divider' })
  private readonly line = this.slider(() => this.swipe())
  private readonly opacity = this.slider(() => this.fade())
  private readonly share = el('span', { class: 'figure' })
  private readonly hasEarlier: boolean
  private shown: LookName = 'current'

  constructor(
    private readonly map: TilesMap,
    there: readonly LayerName[],
  ) {
    const names = (Object.keys(LOOKS) as LookName[]).filter((name) =>
      LOOKS[name].every((one) => there.includes(one)),
    )
    this.hasEarlier = there.includes('baseline')
    this.buttons = el(
      'div',
      { class: 'looks', role: 'group', 'aria-label': say('map.layers') },
      ...names.map((name) =>
        el(
          'button',
          {
            type: 'button',
            'data-look': name,
            title: say(`map.about.${name}`),
            onclick: () => this.choose(name),
          },
          say(`map.layer.${name}`),
        ),
      ),
    )
    this.buttons.hidden = names.length === 1
    this.divider.addEventListener('pointerdown', (event) => this.drag(event))
    this.choose('current')
  }

  /** The other flight in the place of the one that is shown. */
  blink(): void {
    if (this.hasEarlier) this.choose(this.shown === 'baseline' ? 'current' : 'baseline')
  }

  private choose(name: LookName): void {
    this.shown = name
    for (const button of this.buttons.children)
      button.setAttribute('aria-pressed', String((button as HTMLElement).dataset.look === name))
    this.divider.hidden = name !== 'swipe'
    this.panel.hidden = name === 'current' || name === 'baseline'
    fill(this.panel, this.told(name))
    this.swipe()
    this.fade()
    this.map.show(LOOKS[name])
  }

  private told(name: LookName): HTMLElement | null {
    if (name === 'swipe') return el('label', {}, say('map.swipe'), this.line)
    if (name === 'fade') return el('label', {}, say('map.fade'), this.share, this.opacity)
    return name === 'change' ? changeKey() : null
  }

  private swipe(): void {
    this.divider.style.left = `${this.line.value}%`
    this.map.swipe(this.shown === 'swipe' ? Number(this.line.value) / FULL : null)
  }

  private fade(): void {
    const opacity = Number(this.opacity.value) / FULL
    fill(this.share, percent(opacity))
    this.map.fade(this.shown === 'fade' ? opacity : 1)
  }

  /** The line itself may be moved too, by whoever has a pointer. */
  private drag(down: PointerEvent): void {
    down.preventDefault()
    const { left, width } = this.map.place.getBoundingClientRect()
    this.divider.setPointerCapture(down.pointerId)
    const over = new AbortController()
    const move = ({ clientX }: PointerEvent) => {
      this.line.value = String(((clientX - left) / width) * FULL)
      this.swipe()
    }
    this.divider.addEventListener('pointermove', move, { signal: over.signal })
    for (const end of ['pointerup', 'pointercancel'])
      this.divider.addEventListener(end, () => over.abort(), { signal: over.signal })
  }

  private slider(oninput: () => void): HTMLInputElement {
    return el('input', { type: 'range', min: 0, max: FULL, value: HALF, oninput })
  }
}

function changeKey(): HTMLElement {
  const bar = el('span', { class: 'ramp', 'aria-hidden': 'true' })
  bar.style.backgroundImage = rampCss()
  return el(
    'p',
    {},
    say('map.change_score'),
    el('span', { class: 'scale' }, number(SHOWN_FROM), bar, number(FULL)),
    el('span', { class: 'aside' }, say('map.change_from', { least: SHOWN_FROM })),
  )
}
