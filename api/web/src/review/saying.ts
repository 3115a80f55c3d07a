/** Words on findings: each shows at once, goes to the service in turn, and is taken back if it fails. */

import { notice } from '../notice'
import { historyOf } from '../service/findings'
import { type Finding, type Said, speakOf, type Word } from '../service/reviews'
import { whoever } from '../service/session'
import { say } from '../wording'
import type { Desk } from './desk'

export class Saying {
  private line: Promise<unknown> = Promise.resolve()
  private waiting = 0

  constructor(private readonly desk: Desk) {}

  get isUnderWay(): boolean {
    return this.waiting > 0
  }

  speak(about: Finding, said: Said, like?: Word): void {
    const { known, list } = this.desk
    // While a reason was asked for, the list may have been read anew.
    const one = known.findings.find((now) => now.id === about.id)
    if (one === undefined) return
    const before = one.review
    one.review = shownAt(said, like, before)
    list.tell(say(`review.said.${said.outcome}`, { code: one.code, open: this.desk.open }))
    this.desk.drawAll()
    if (like === undefined) this.desk.chooseOpenAfter(one)
    void this.send(one, said, before)
  }

  /** Says the word before the last one again: it counts, and all of them stay on the record. */
  async undo(one: Finding): Promise<void> {
    const { list, left } = this.desk
    try {
      await this.line
      const [, before] = await historyOf(one.id, left)
      if (before === undefined) list.tell(say('review.nothing_before', { code: one.code }))
      else this.speak(one, again(before), before)
    } catch (error) {
      if (!left.aborted) list.tell('', notice(error))
    }
  }

  /** Asks the service behind what is under way; what it refuses is thrown. */
  async inTurn<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    this.waiting += 1
    const asked = this.line.then(act)
    this.line = asked.catch(() => {})
    this.desk.decision.draw()
    try {
      return await asked
    } finally {
      this.waiting -= 1
      this.desk.decision.draw()
    }
  }

  /** When nothing is under way any more: reads what the service knows. */
  async readAgain(): Promise<void> {
    const { desk } = this
    if (this.isUnderWay || desk.left.aborted) return
    try {
      await desk.refresh()
    } catch (error) {
      if (!desk.left.aborted) desk.list.tell(say('review.stale'), notice(error))
    }
  }

  private async send(one: Finding, said: Said, before: Finding['review']): Promise<void> {
    const { desk } = this
    try {
      const known = before?.sequence ?? 0
      one.review = await this.inTurn(() => speakOf(one.id, said, known))
    } catch (error) {
      one.review = before
      desk.list.tell(say('review.undone', { code: one.code }), notice(error))
      desk.choose(one.id)
    }
    desk.drawAll()
    await this.readAgain()
  }
}

/** A word as it will stand, before the service has it. */
function shownAt(said: Said, like: Word | undefined, before: Word | null): Word {
  return {
    reason_code: null,
    note: '',
    edit: null,
    ...like,
    ...said,
    id: '',
    sequence: (before?.sequence ?? 0) + 1,
    by: { name: whoever()?.name ?? '', role: 'reviewer' },
    created_at: new Date().toISOString(),
  }
}

function again({ outcome, note, reason_code, edit }: Word): Said {
  if (outcome === 'rejected') return { outcome, reason_code: reason_code ?? '', note }
  if (outcome === 'accepted' || edit === null) return { outcome: 'accepted', note }
  const outline = { type: 'MultiPolygon', coordinates: edit.vertices } as const
  return { outcome, outline, ground_class: edit.class, note }
}
