/** The findings beside the map: one line each, and all that is known of the one that is chosen. */

import { el, fill } from '../dom'
import { ground } from '../format'
import type { Finding } from '../service/reviews'
import { say } from '../wording'
import type { Desk } from './desk'
import { showKeys } from './dialogs'
import { swatch } from './swatch'

const KINDS = { accepted: 'good', rejected: 'bad', edited: 'doubt' }

export class FindingsPart {
  private readonly counts = el('p', { class: 'aside' })
  private readonly told = el('p', { class: 'told', role: 'status', 'aria-live': 'polite' })
  private readonly trouble = el('div')
  private readonly rows = el('ol', { class: 'findings', 'aria-label': say('review.findings') })
  private readonly one = el('div', { class: 'one' })
  readonly body: HTMLElement

  constructor(private readonly desk: Desk) {
    const keys = el('button', { type: 'button', class: 'plain', onclick: () => void showKeys() })
    fill(keys, el('kbd', {}, '?'), ` ${say('keys.title')}`)
    this.body = el(
      'section',
      { class: 'card', 'aria-label': say('review.findings') },
      el('div', { class: 'head' }, el('h2', {}, say('review.findings')), keys),
      this.counts,
      this.told,
      this.trouble,
      this.one,
      this.rows,
    )
  }

  /** Says what was done, also to those who do not see it; and what went wrong with it. */
  tell(words: string, trouble: Node | null = null): void {
    fill(this.told, words)
    fill(this.trouble, trouble)
  }

  draw(chosen: Finding | null): void {
    const { findings, open } = this.desk
    const facts = { count: findings.length, open }
    const none = findings.length === 0
    fill(this.counts, none ? say('review.none') : say('review.counts', facts))
    this.drawRows(chosen)
    fill(this.one, chosen === null ? this.hint() : this.about(chosen))
    this.one.hidden = none
  }

  /** Rows stay the same elements, so that none loses the focus. */
  private drawRows(chosen: Finding | null): void {
    const { findings } = this.desk
    while (this.rows.children.length > findings.length) this.rows.lastElementChild?.remove()
    for (const [place, one] of findings.entries()) {
      let row = this.rows.children[place]
      if (row === undefined) {
        const pick = () => {
          const now = this.desk.findings[place]
          if (now !== undefined) this.desk.goTo(now)
        }
        row = el('li', {}, el('button', { type: 'button', class: 'pick', onclick: pick }))
        this.rows.append(row)
      }
      const button = row.firstElementChild as HTMLElement
      const isChosen = one.id === chosen?.id
      button.setAttribute('aria-current', String(isChosen))
      fill(
        button,
        swatch(one.ground_class, one.location),
        el(
          'span',
          { class: 'what' },
          el('strong', {}, one.code),
          ` ${say(`ground.${one.ground_class}`)}`,
          el(
            'span',
            { class: 'aside' },
            `${say(`place.${one.location}`)} · `,
            el('span', { class: 'size' }, this.size(one)),
          ),
        ),
        outcomeTag(one),
      )
      if (isChosen) button.scrollIntoView({ block: 'nearest' })
    }
    this.rows.hidden = findings.length === 0
  }

  private hint(): HTMLElement {
    return el('p', {}, say(this.desk.isOpen ? 'review.begin' : 'review.look'))
  }

  private about(one: Finding): HTMLElement {
    const stated = this.desk.statedOf(one)
    const doubts = stated?.may_be_false_because ?? []
    const parts: (Node | null)[] = [
      el('h3', {}, `${one.code} · ${say(`ground.${one.ground_class}`)}`),
      el(
        'p',
        {},
        `${say(`epoch.${one.epoch}`)}, ${say(`place.${one.location}`)}: ${this.size(one)}`,
      ),
      one.added_by === null ? null : el('p', {}, say('review.by_hand')),
      doubts.length === 0 ? null : el('h4', {}, say('review.doubts')),
      doubts.length === 0 ? null : el('ul', {}, ...doubts.map((words) => el('li', {}, words))),
      this.word(one),
    ]
    if (this.desk.isOpen) parts.push(this.buttons())
    return el('div', {}, ...parts)
  }

  private word(one: Finding): Node | null {
    if (one.review === null) return null
    const { outcome, reason_code, note } = one.review
    const why = reason_code === null ? '' : `: ${this.desk.reasonOf(reason_code)}`
    const words = `${say(`review.outcome.${outcome}`)}${why}`
    return el('p', {}, el('strong', {}, words), note === '' ? null : ` – ${note}`)
  }

  private buttons(): HTMLElement {
    const accept = () => this.desk.accept()
    const reject = () => void this.desk.reject()
    return el(
      'div',
      { class: 'line' },
      el('button', { type: 'button', onclick: accept }, say('review.accept')),
      el('button', { type: 'button', onclick: reject }, `${say('review.reject')} …`),
    )
  }

  private size(one: Finding): string {
    return ground(one.area_m2, this.desk.statedOf(one)?.area_uncertainty_m2)
  }
}

function outcomeTag(one: Finding): HTMLElement {
  const outcome = one.review?.outcome
  if (outcome === undefined) return el('span', { class: 'tag' }, say('review.outcome.open'))
  return el('span', { class: `tag ${KINDS[outcome]}` }, say(`review.outcome.${outcome}`))
}
