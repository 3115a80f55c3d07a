/** Which permit a flight is of: searched by its number, the nearest, or one of the newest. */

import { el, fill } from '../dom'
import { hectares, length } from '../format'
import { notice, told } from '../notice'
import { aboutPermit } from '../permit/about'
import { showFound } from '../permit/found_list'
import type { History, ListedPermit, NearPermit, Permit } from '../service/answers'
import { ground, history, near, newest, type Parts, saying, stated } from '../service/permits'
import { say } from '../wording'
import type { Delivery } from './delivery'

export class PermitPart {
  readonly body = el('section', { class: 'card', 'aria-labelledby': 'permit-title' })
  /** When the list that is offered at first is there. */
  ready: Promise<void> = Promise.resolve()
  private readonly found = el('div', { class: 'found', 'aria-live': 'polite' })

  constructor(
    private readonly delivery: Delivery,
    private chosen: History | null,
    private readonly left: AbortSignal,
    private readonly onChosen: (permit: History | null) => void,
  ) {
    this.draw()
  }

  private draw(): void {
    const title = el('h2', { id: 'permit-title' }, say('upload.permit.title'))
    if (this.chosen === null) {
      fill(this.body, title, this.search(), this.found)
      this.ready = this.list(newest(this.left), say('upload.permit.none'))
      return
    }
    const again = el(
      'button',
      { type: 'button', onclick: () => this.take(null), disabled: this.delivery.isBusy },
      say('upload.permit.change'),
    )
    fill(this.body, title, el('div', { class: 'chosen' }, this.described(this.chosen), again))
  }

  private described(permit: History): HTMLElement {
    const place = ground(permit)
    const holder = stated(permit, 'holder_name')
    return el(
      'div',
      {},
      el('strong', {}, permit.reference),
      holder !== null && el('div', {}, holder),
      el(
        'div',
        { class: 'aside' },
        place ? hectares(place.area_m2) : say('upload.permit.no_boundary'),
      ),
    )
  }

  private search(): HTMLFormElement {
    const field = el('input', {
      name: 'permit',
      type: 'search',
      maxlength: 128,
      autocomplete: 'off',
    })
    const look = (event: Event) => {
      event.preventDefault()
      const text = field.value.trim()
      const asked = text === '' ? newest(this.left) : saying(text, this.left)
      void this.list(
        asked,
        say(text === '' ? 'upload.permit.none' : 'upload.permit.unknown', { text }),
      )
    }
    return el(
      'form',
      { class: 'line', role: 'search', onsubmit: look },
      el('label', {}, say('upload.permit.number'), field),
      el('button', {}, say('upload.permit.search')),
      // Browsers tell where they are only over a safe connection.
      'geolocation' in navigator &&
        isSecureContext &&
        el(
          'button',
          { type: 'button', onclick: () => void this.around() },
          say('upload.permit.near'),
        ),
    )
  }

  private async around(): Promise<void> {
    fill(this.found, el('p', { class: 'aside' }, say('upload.permit.locating')))
    try {
      const { coords } = await here()
      await this.list(near(coords, this.left), say('upload.permit.none_near'))
    } catch (error) {
      if (this.left.aborted) return
      const isRefused = (error as GeolocationPositionError).code === REFUSED
      fill(
        this.found,
        isRefused
          ? told('doubt', say('upload.permit.refused'), say('upload.permit.refused_hint'))
          : told('doubt', say('upload.permit.nowhere'), say('upload.permit.nowhere_hint')),
      )
    }
  }

  private list(asked: Parts<ListedPermit | NearPermit>, none: string): Promise<void> {
    const row = (one: ListedPermit | NearPermit) =>
      el(
        'li',
        {},
        el(
          'button',
          { type: 'button', class: 'pick', onclick: () => void this.pick(one) },
          el('span', { class: 'what' }, el('strong', {}, one.reference), ...aboutPermit(one)),
          distanceOf(one),
        ),
      )
    const draw = { rows: el('ul', {}), row, none: el('p', { class: 'aside' }, none) }
    return showFound(this.found, asked, draw, this.left)
  }

  private async pick(permit: Permit): Promise<void> {
    try {
      this.take(await history(permit.id, this.left))
    } catch (error) {
      if (!this.left.aborted) fill(this.found, notice(error))
    }
  }

  private take(permit: History | null): void {
    this.chosen = permit
    this.delivery.choose(permit && { id: permit.id, reference: permit.reference })
    this.onChosen(permit)
    this.draw()
    this.body.querySelector('button')?.focus()
  }
}

export function distanceOf(permit: Permit | NearPermit): HTMLElement | null {
  if (!('distance_m' in permit)) return null
  const metres = permit.distance_m
  return el('span', { class: 'aside' }, metres > 0 ? length(metres) : say('upload.permit.here'))
}

const PATIENCE_MS = 20_000
/** The code of what a person, or the settings of the browser, forbid. */
const REFUSED = 1

export function here(): Promise<GeolocationPosition> {
  return new Promise((resolve, reject) =>
    navigator.geolocation.getCurrentPosition(resolve, reject, {
      timeout: PATIENCE_MS,
      maximumAge: 60_000,
    }),
  )
}
