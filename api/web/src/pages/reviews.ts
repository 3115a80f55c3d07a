/** The reviewers' queue: what is due first, then the gravest; narrowed as one likes. */

import { el, fill } from '../dom'
import { notice } from '../notice'
import type { Page, Visit } from '../pages'
import { queueRow } from '../review/queue_row'
import {
  CONCERNS,
  type Concern,
  type Counts,
  counts,
  isNarrowed,
  keep,
  queued,
  type Which,
  whatWasKept,
} from '../service/queue'
import { say } from '../wording'
import '../styles/queue.css'

export async function show({ left }: Visit): Promise<Page> {
  const title = say('reviews.title')
  const queue = new Queue(await counts(left), left)
  await queue.look()
  return { title, body: [el('h1', {}, title), queue.lead, queue.filters, queue.found] }
}

class Queue {
  readonly lead: HTMLElement
  readonly filters: HTMLElement
  readonly found = el('div', { 'aria-live': 'polite' })
  private readonly which: Which
  private asked = new AbortController()
  private readonly states: HTMLButtonElement[]
  private readonly concern: HTMLSelectElement
  private readonly overdue: HTMLInputElement
  private readonly overdueWords = el('span')

  constructor(
    private readonly counts: Counts,
    private readonly left: AbortSignal,
  ) {
    this.which = whatWasKept()
    const own = counts.own
    const open = counts.open.every - own
    this.lead = el('p', { class: 'lead' }, say('reviews.counted', { open, own }))
    this.states = (['open', 'returned'] as const).map((state) =>
      el(
        'button',
        { type: 'button', 'data-state': state, onclick: () => this.change({ review: state }) },
        say(`queue.state.${state}`, { count: counts[state].every }),
      ),
    )
    const text = el('input', { type: 'search', name: 'text', maxlength: 128, autocomplete: 'off' })
    text.value = this.which.text
    this.concern = el('select', {
      name: 'concern',
      onchange: () => this.change({ concern: this.concern.value as Concern | '' }),
    })
    this.overdue = el('input', {
      type: 'checkbox',
      name: 'overdue',
      onchange: () => this.change({ overdue: this.overdue.checked }),
    })
    this.filters = el(
      'form',
      {
        class: 'line narrow',
        role: 'search',
        onsubmit: (event) => {
          event.preventDefault()
          this.change({ text: text.value.trim() })
        },
      },
      el(
        'div',
        { class: 'layers', role: 'group', 'aria-label': say('queue.states') },
        ...this.states,
      ),
      el('label', {}, say('queue.text'), text),
      el('button', {}, say('queue.search')),
      el('label', {}, say('queue.concerns'), this.concern),
      el('label', { class: 'tick' }, this.overdue, this.overdueWords),
    )
    // The field's own cross empties it, and says nothing more.
    text.addEventListener('input', () => text.value === '' && this.change({ text: '' }))
  }

  /** Reads what is asked for anew; of two questions the later one is shown. */
  async look(): Promise<void> {
    this.draw()
    this.asked.abort()
    this.asked = new AbortController()
    const signal = AbortSignal.any([this.asked.signal, this.left])
    const rows = el('ul', { class: 'rows queue' })
    const more = el('button', { type: 'button', onclick: () => void add() }, say('list.more'))
    let after: string | null = null
    const add = async () => {
      try {
        const page = await queued(this.which, after, signal)
        rows.append(...page.items.map(queueRow))
        after = page.after
        more.hidden = after === null
        fill(this.found, ...(rows.childElementCount === 0 ? [this.empty()] : [rows, more]))
      } catch (error) {
        if (!signal.aborted) fill(this.found, notice(error))
      }
    }
    await add()
  }

  private change(to: Partial<Which>): void {
    Object.assign(this.which, to)
    keep(this.which)
    void this.look()
  }

  private draw(): void {
    const count = this.counts[this.which.review]
    for (const button of this.states)
      button.setAttribute('aria-pressed', String(button.dataset.state === this.which.review))
    const choices = CONCERNS.filter((one) => one !== 'unrated' || count.concerns[one] > 0)
    fill(
      this.concern,
      el('option', { value: '' }, say('queue.any', { count: count.every })),
      ...choices.map((one) =>
        el('option', { value: one }, `${say(`queue.concern.${one}`)} (${count.concerns[one]})`),
      ),
    )
    this.concern.value = this.which.concern
    this.overdue.checked = this.which.overdue
    this.overdueWords.textContent = say('queue.only_overdue', { count: count.overdue })
  }

  private empty(): HTMLElement {
    const { review } = this.which
    if (isNarrowed(this.which)) return el('p', { class: 'card empty' }, say('queue.none'))
    if (review === 'returned') return el('p', { class: 'card empty' }, say('queue.none_returned'))
    return el(
      'div',
      { class: 'card empty' },
      el('p', {}, say('reviews.empty')),
      el('a', { class: 'button', href: '#/inspections' }, say('inspections.title')),
    )
  }
}
