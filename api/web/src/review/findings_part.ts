/** The findings beside the map: one line each, and all that is known of the one that is chosen. */

import { el, fill } from '../dom'
import { ground } from '../format'
import type { Finding, Word } from '../service/reviews'
import { say } from '../wording'
import type { Desk } from './desk'
import { Filter } from './filter'
import { FindingAbout } from './finding_about'
import { keysAreOn } from './keys'
import { isCut, parts } from './parts'
import { swatch } from './swatch'

/** From where on the map lies beside the list (`review.css`). */
const WIDE = '(min-width: 60.01rem)'

const KINDS = { accepted: 'good', rejected: 'bad', edited: 'doubt' }

export class FindingsPart {
  /** Those that are listed, in their order, as they count. */
  listed: Finding[] = []
  readonly body: HTMLElement
  private readonly counts = el('p', { class: 'aside' })
  private readonly told = el('p', { class: 'told', role: 'status', 'aria-live': 'polite' })
  private readonly trouble = el('div')
  private isOver: (() => boolean) | null = null
  private readonly rows = el('ol', { class: 'findings', 'aria-label': say('review.findings') })
  private readonly about: FindingAbout
  private readonly hint = el('p', { class: 'hint' })
  private readonly filter = new Filter(() => this.desk.drawList())
  private readonly none = el('p', { class: 'empty' }, say('filter.none'), ' ')
  private readonly add: HTMLButtonElement
  private readonly listing: HTMLElement

  constructor(private readonly desk: Desk) {
    this.about = new FindingAbout(desk)
    const keys = el('button', { type: 'button', class: 'plain', onclick: () => void desk.keys() })
    fill(keys, el('kbd', {}, '?'), ` ${say('keys.title')}`)
    const clear = () => this.filter.clear()
    this.none.append(el('button', { type: 'button', onclick: clear }, say('filter.clear')))
    const add = () => void desk.add()
    this.add = el('button', { type: 'button', class: 'plain', onclick: add })
    fill(this.add, el('kbd', {}, 'n'), ` ${say('review.add')} …`)
    this.listing = el(
      'div',
      { class: 'listing' },
      el('div', { class: 'head' }, this.counts, this.add),
      this.hint,
      this.about.body,
      this.filter.body,
      this.none,
      this.rows,
    )
    this.body = el(
      'section',
      { class: 'card', tabindex: -1, 'aria-label': say('review.findings') },
      el('div', { class: 'head' }, el('h2', {}, say('review.findings')), keys),
      this.told,
      this.trouble,
      desk.outlining.body,
      this.listing,
    )
  }

  /** Says what was done, also to those who do not see it; and what went wrong, until it is over. */
  tell(words: string, trouble: Node | null = null, isOver: (() => boolean) | null = null): void {
    fill(this.told, words)
    fill(this.trouble, trouble)
    this.isOver = isOver
  }

  wordTold(word: Word): HTMLElement {
    return this.about.wordTold(word)
  }

  draw(chosen: Finding | null): void {
    if (this.isOver?.()) this.tell('')
    const { known, open, isOpen, outlining } = this.desk
    const count = known.findings.length
    this.listing.hidden = outlining.isOn
    fill(this.counts, count === 0 ? say('review.none') : say('review.counts', { count, open }))
    this.listed = this.filter.applied(known.findings.map((one) => known.counted(one)))
    this.none.hidden = count === 0 || this.listed.length > 0
    this.drawRows(chosen)
    if (chosen !== null) this.about.draw(chosen)
    this.about.body.hidden = chosen === null
    this.hint.hidden = chosen !== null || count === 0
    fill(this.hint, say(isOpen && keysAreOn() ? 'review.begin' : 'review.look'))
    this.add.hidden = !isOpen || this.desk.look === null
  }

  /** Rows stay the same elements, so that none loses the focus, and those that say the same stay. */
  private drawRows(chosen: Finding | null): void {
    const { listed, rows } = this
    while (rows.children.length > listed.length) rows.lastElementChild?.remove()
    for (const [place, one] of listed.entries()) {
      const button = (rows.children[place] ?? this.row(place)).firstElementChild as HTMLElement
      const isChosen = one.id === chosen?.id
      const wasChosen = button.getAttribute('aria-current') === 'true'
      const said = JSON.stringify([one.id, one.ground_class, one.location, one.area_m2, one.review])
      if (button.dataset.said !== said) {
        button.dataset.said = said
        this.fillRow(button, one)
      }
      if (isChosen === wasChosen) continue
      button.setAttribute('aria-current', String(isChosen))
      if (isChosen) this.reveal(button)
    }
    rows.hidden = listed.length === 0
  }

  /** Moves the list alone: the page would take the map out of sight. */
  private reveal(row: HTMLElement): void {
    const [list, at] = [this.rows.getBoundingClientRect(), row.getBoundingClientRect()]
    if (at.top < list.top) this.rows.scrollTop -= list.top - at.top
    else if (at.bottom > list.bottom) this.rows.scrollTop += at.bottom - list.bottom
  }

  /** Shows what is known of the one that was chosen, beside or below the map. */
  lookAtChosen(mayScroll: boolean): void {
    const isBeside = matchMedia(WIDE).matches
    if (isBeside && mayScroll) this.body.parentElement?.scrollIntoView({ block: 'nearest' })
    if (!isBeside) this.about.body.scrollIntoView({ block: 'start' })
    this.about.body.scrollTop = 0
  }

  private row(place: number): HTMLElement {
    const pick = () => {
      const one = this.listed[place]
      if (one !== undefined) this.desk.goTo(one.id)
    }
    const row = el('li', {}, el('button', { type: 'button', class: 'pick', onclick: pick }))
    row.firstElementChild?.setAttribute('aria-current', 'false')
    this.rows.append(row)
    return row
  }

  private fillRow(button: HTMLElement, one: Finding): void {
    const values = this.desk.known.valuesOf(one)
    const off = values?.area_uncertainty_m2
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
          el('span', { class: 'size' }, ground(one.area_m2, off)),
          values && isCut(values) && el('span', { class: 'parts' }, parts(values)),
        ),
      ),
      outcomeTag(one),
    )
  }
}

function outcomeTag(one: Finding): HTMLElement {
  const outcome = one.review?.outcome
  if (outcome === undefined) return el('span', { class: 'tag' }, say('review.outcome.open'))
  return el('span', { class: `tag ${KINDS[outcome]}` }, say(`review.outcome.${outcome}`))
}
