/** Words on findings: each shows at once, goes to the service in turn, and is taken back if it fails. */

import { el } from '../dom'
import { notice } from '../notice'
import { historyOf } from '../service/findings'
import { type Finding, type Said, speakOf, type Word } from '../service/reviews'
import { whoever } from '../service/session'
import { say } from '../wording'
import type { Desk } from './desk'

/** Of a finding on which words are under way: how many, and the last that the service has. */
interface Pending {
  count: number
  kept: Word | null
}

const SAID = {
  accepted: 'review.said.accepted',
  rejected: 'review.said.rejected',
  edited: 'review.said.edited',
} as const
const STANDS = {
  accepted: 'review.stands.accepted',
  rejected: 'review.stands.rejected',
  edited: 'review.said.edited',
} as const

export class Saying {
  private line: Promise<unknown> = Promise.resolve()
  private waiting = 0
  private asked = 0
  private isStale = false
  private readonly pending = new Map<string, Pending>()

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
    // Said again it is no new word; the service is asked all the same, where others may have spoken.
    const isNew = !stands(before, said)
    if (isNew) one.review = shownAt(said, like, before)
    const words = isNew ? SAID : STANDS
    list.tell(say(words[said.outcome], { code: one.code, open: this.desk.open }))
    this.desk.drawAll()
    if (like === undefined) this.desk.chooseOpenAfter(one)
    const pending = this.pending.get(one.id) ?? { count: 0, kept: before }
    pending.count += 1
    this.pending.set(one.id, pending)
    void this.send(one, said, pending)
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
    this.asked += 1
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

  /** Gives whether what is read from now on may lack a word that was said since. */
  sinceNow(): () => boolean {
    const { asked, isUnderWay } = this
    return () => isUnderWay || this.isUnderWay || this.asked !== asked
  }

  /** When nothing is under way any more: reads what the service knows. */
  async readAgain(): Promise<void> {
    const { desk } = this
    if (this.isUnderWay || desk.left.aborted) return
    try {
      this.isStale = false
      await desk.refresh()
    } catch (error) {
      this.isStale = true
      const isOver = () => !this.isStale
      if (!desk.left.aborted) desk.list.tell(say('review.stale'), notice(error), isOver)
    }
  }

  private async send(one: Finding, said: Said, pending: Pending): Promise<void> {
    const { desk } = this
    const { id } = one
    try {
      // It follows what this person said before, as the service put it on the record.
      pending.kept = await this.inTurn(() => speakOf(id, said, pending.kept?.sequence ?? 0))
    } catch (error) {
      if (desk.left.aborted) return
      const isOver = () => {
        const last = desk.known.wordOn(id)
        return last?.sequence !== pending.kept?.sequence && stands(last, said)
      }
      desk.list.tell(say('review.undone', { code: one.code }), this.trouble(one, error), isOver)
    }
    pending.count -= 1
    if (pending.count === 0) {
      this.pending.delete(id)
      desk.known.said(id, pending.kept)
    }
    desk.drawAll()
    await this.readAgain()
  }

  /** Whoever is at another finding by now is not taken away from it: they go back by themselves. */
  private trouble({ id, code }: Finding, error: unknown): HTMLElement {
    const made = notice(error)
    const go = el('button', { type: 'button', onclick: () => this.desk.goTo(id) })
    go.textContent = say('review.go_back', { code })
    if (!this.desk.isChosen(id)) made.append(go)
    return made
  }
}

/** Whether this person's last word says that already: it is on the record, and once is enough. */
function stands(last: Word | null, said: Said): boolean {
  if (last === null || said.outcome === 'edited' || last.outcome !== said.outcome) return false
  const reason = said.outcome === 'rejected' ? said.reason_code : null
  const isSame = last.note === (said.note ?? '') && last.reason_code === reason
  return isSame && last.by.name === whoever()?.name
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
