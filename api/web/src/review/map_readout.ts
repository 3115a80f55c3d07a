/** Below the map: the coordinates of the place that is meant, to be copied; and a way to others. */

import { el, fill } from '../dom'
import { icon } from '../icons'
import type { Whereabouts } from '../map/whereabouts'
import { inDegrees, inMetres, read } from '../map/written_place'
import { say } from '../wording'
import { ask } from './dialogs'

/** Long enough to be read, or read out. */
const SEEN_MS = 4000

export class MapReadout {
  readonly body: HTMLElement
  private readonly meant = el('span', { class: 'aside' })
  private readonly degrees = el('span', { class: 'degrees' })
  private readonly metres = el('span', { class: 'metres' })
  private readonly said = el('span', { role: 'status', class: 'aside' })
  private isDue = false
  private silence: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly where: Whereabouts,
    private readonly back: HTMLElement,
  ) {
    const copy = el(
      'button',
      { type: 'button', title: say('map.copy_about'), onclick: () => void this.copy() },
      icon('copy'),
      el('span', {}, say('map.copy')),
    )
    const go = el(
      'button',
      { type: 'button', title: say('map.go_about'), onclick: () => void this.go() },
      icon('place'),
      el('span', {}, say('map.go')),
    )
    this.body = el(
      'div',
      { class: 'readout', role: 'group', 'aria-label': say('map.coordinates') },
      el('p', { title: say('map.datum') }, this.meant, this.degrees, this.metres),
      el('div', { class: 'tools' }, this.said, copy, go),
    )
    where.onChange(() => this.draw())
    this.draw()
  }

  /** Of the place that is meant: under the cursor, where there is one. */
  async copy(): Promise<void> {
    const { place } = this.where
    const text = `${inDegrees(place)}\n${inMetres(place)}\nWGS 84 / SRGI2013`
    if (await written(text)) {
      this.say('map.copied')
      return
    }
    getSelection()?.selectAllChildren(this.degrees.parentElement ?? this.body)
    this.say('map.copy_by_hand')
  }

  private say(words: 'map.copied' | 'map.copy_by_hand'): void {
    fill(this.said, say(words))
    clearTimeout(this.silence)
    this.silence = setTimeout(() => fill(this.said), SEEN_MS)
  }

  private async go(): Promise<void> {
    const place = await askPlace()
    if (place !== null) this.where.goTo(place)
    this.back.focus()
  }

  /** As often as the screen is drawn, not as often as a mouse moves. */
  private draw(): void {
    if (this.isDue) return
    this.isDue = true
    requestAnimationFrame(() => {
      this.isDue = false
      const { meant, place } = this.where
      fill(this.meant, say(`map.meant.${meant}`))
      fill(this.degrees, inDegrees(place))
      fill(this.metres, inMetres(place))
    })
  }
}

function askPlace() {
  const field = el('input', { name: 'place', required: true, autocomplete: 'off' })
  const title = say('map.go_about')
  field.addEventListener('input', () => {
    field.setCustomValidity(read(field.value) === null ? say('map.no_place') : '')
  })
  const form = el(
    'form',
    { method: 'dialog' },
    el('h2', {}, title),
    el('label', {}, say('map.place'), field),
    el('p', { class: 'aside' }, say('map.place_forms')),
    el(
      'div',
      { class: 'line' },
      el('button', { class: 'main', value: 'go' }, say('map.go')),
      el('button', { type: 'button', onclick: () => dialog.close() }, say('review.cancel')),
    ),
  )
  const dialog = el('dialog', { 'aria-label': title }, form)
  return ask(dialog, field, () => (dialog.returnValue === 'go' ? read(field.value) : null))
}

/** Whether the clipboard took it: without HTTPS browsers give none, and some are told not to. */
async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
