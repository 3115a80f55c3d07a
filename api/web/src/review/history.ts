/** All that was said of a finding: when, by whom in which role, and what. */

import { el, fill } from '../dom'
import { ground, moment } from '../format'
import { notice } from '../notice'
import { historyOf } from '../service/findings'
import type { Finding, Word } from '../service/reviews'
import { say } from '../wording'

export class History {
  readonly body: HTMLDetailsElement
  private readonly title = el('summary')
  private readonly words = el('ol', { reversed: true })
  private of: Finding | null = null
  private read = ''

  constructor(
    private readonly reasonOf: (code: string) => string,
    private readonly left: AbortSignal,
  ) {
    const read = () => void this.draw()
    this.body = el('details', { class: 'history', ontoggle: read }, this.title, this.words)
  }

  show(one: Finding): void {
    this.of = one
    this.body.hidden = one.review === null
    fill(this.title, say('history.title', { count: one.review?.sequence ?? 0 }))
    void this.draw()
  }

  /** One word in one line. */
  told(word: Word): HTMLElement {
    const { outcome, reason_code, note, edit, by, created_at } = word
    const why = reason_code === null ? '' : `: ${this.reasonOf(reason_code)}`
    const size = edit === null ? '' : `: ${ground(edit.area_m2, edit.area_uncertainty_m2)}`
    const who = { name: by.name, role: say(`history.role.${by.role}`), when: moment(created_at) }
    return el(
      'span',
      {},
      el('strong', {}, say(`review.outcome.${outcome}`) + why + size),
      note === '' ? null : ` – ${note}`,
      el('span', { class: 'aside who_said' }, say('history.who', who)),
    )
  }

  private async draw(): Promise<void> {
    const { of } = this
    if (of === null || !this.body.open) return
    const wanted = `${of.id} ${of.review?.id}`
    if (wanted === this.read) return
    this.read = wanted
    fill(this.words)
    try {
      const words = await historyOf(of.id, this.left)
      if (wanted !== this.read) return
      fill(this.words, ...words.map((one) => el('li', {}, this.told(one))))
    } catch (error) {
      if (this.left.aborted || wanted !== this.read) return
      this.read = ''
      fill(this.words, el('li', {}, notice(error)))
    }
  }
}
