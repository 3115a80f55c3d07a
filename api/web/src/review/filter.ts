/** Which of the findings are listed, and in which order. */

import { el, fill } from '../dom'
import type { Finding, GroundClass, Location, Outcome } from '../service/reviews'
import { say } from '../wording'

type Said = Outcome | 'open'
const SAID: Said[] = ['open', 'accepted', 'rejected', 'edited']
const LOCATIONS: Location[] = ['outside', 'uncertain', 'inside']
/** A shorter list needs no filter. */
const FEW = 1

export class Filter {
  readonly body = el('details', { class: 'filter' })
  private readonly summary = el('summary')
  private readonly said: HTMLSelectElement
  private readonly kind: HTMLSelectElement
  private readonly place: HTMLSelectElement
  private readonly order: HTMLInputElement

  constructor(private readonly changed: () => void) {
    this.said = this.select(SAID, (one) => say(`review.outcome.${one}`))
    this.kind = this.select([] as GroundClass[], (one) => say(`ground.${one}`))
    this.place = this.select(LOCATIONS, (one) => say(`place.${one}`))
    this.order = el('input', { type: 'checkbox', onchange: () => this.changed() })
    fill(
      this.body,
      this.summary,
      el(
        'div',
        { class: 'selects' },
        el('label', {}, say('filter.said'), this.said),
        el('label', {}, say('filter.class'), this.kind),
        el('label', {}, say('filter.place'), this.place),
        el('label', { class: 'check' }, this.order, say('filter.outside_first')),
      ),
    )
  }

  /** Those that are listed, of findings as they count. */
  applied(findings: readonly Finding[]): Finding[] {
    this.offer(findings)
    const chosen = findings.filter(
      (one) =>
        fits(this.said, one.review?.outcome ?? 'open') &&
        fits(this.kind, one.ground_class) &&
        fits(this.place, one.location),
    )
    if (this.order.checked)
      chosen.sort((a, b) => LOCATIONS.indexOf(a.location) - LOCATIONS.indexOf(b.location))
    const facts = { shown: chosen.length, count: findings.length }
    const isAll = chosen.length === findings.length
    fill(this.summary, isAll ? say('filter.title') : say('filter.some', facts))
    this.body.classList.toggle('whole', isAll)
    this.body.hidden = findings.length <= FEW
    return chosen
  }

  clear(): void {
    for (const one of [this.said, this.kind, this.place]) one.value = ''
    this.changed()
  }

  /** The classes that there are, each with how many. */
  private offer(findings: readonly Finding[]): void {
    const counts = new Map<GroundClass, number>()
    for (const { ground_class: kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    const offered = [...counts].map(([kind, count]) => `${kind} ${count}`).join()
    if (offered === this.kind.dataset.offered) return
    this.kind.dataset.offered = offered
    const { value } = this.kind
    const options = [...counts].map(([kind, count]) =>
      el('option', { value: kind }, `${say(`ground.${kind}`)} (${count})`),
    )
    fill(this.kind, el('option', { value: '' }, say('filter.all')), ...options)
    this.kind.value = counts.has(value as GroundClass) ? value : ''
  }

  private select<Kind extends string>(
    kinds: Kind[],
    words: (one: Kind) => string,
  ): HTMLSelectElement {
    const options = kinds.map((one) => el('option', { value: one }, words(one)))
    const all = el('option', { value: '' }, say('filter.all'))
    return el('select', { onchange: () => this.changed() }, all, ...options)
  }
}

function fits(select: HTMLSelectElement, value: string): boolean {
  return select.value === '' || select.value === value
}
