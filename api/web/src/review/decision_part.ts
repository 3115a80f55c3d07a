/** The decision, the report that is written with it, and its place on the permit's record. */

import { el, fill } from '../dom'
import { moment } from '../format'
import { notice, told } from '../notice'
import { Problem } from '../service/api'
import {
  attach,
  decide,
  inspected,
  type Report,
  report,
  type Verdict,
  writeAgain,
} from '../service/reviews'
import { hasRole } from '../service/session'
import { say } from '../wording'
import { isSureOf } from './decision_sure'
import type { Desk } from './desk'
import { filesPart, titleForPaper, titleOf } from './files_part'
import { NextPart } from './next_part'

const VERDICTS: Verdict[] = ['approved', 'declined', 'returned']
const AGAIN_MS = 2000
const CONFLICT = 409

export class DecisionPart {
  readonly body = el('section', { class: 'card decision', 'aria-label': say('decision.title') })
  private readonly state = el('div', { 'aria-live': 'polite' })
  private readonly trouble = el('div')
  private readonly lack = el('p', { class: 'aside' })
  private readonly note = el('textarea', {
    rows: 3,
    maxlength: 2000,
    'aria-describedby': 'decision-note',
    oninput: () => this.needNote(false),
  })
  private readonly noteNeeded = el('div', { class: 'aside', id: 'decision-note' })
  private readonly buttons: [Verdict, HTMLButtonElement][]
  private readonly form: HTMLElement
  private readonly files = el('div')
  readonly next: NextPart
  private shown = ''
  private told = ''
  private isDeciding = false
  private isWatching = false

  constructor(private readonly desk: Desk) {
    this.buttons = VERDICTS.map((one) => [
      one,
      el(
        'button',
        {
          type: 'button',
          class: one === 'approved' ? 'main' : '',
          onclick: () => void this.ask(one),
        },
        say(`decision.do.${one}`),
      ),
    ])
    this.form = el(
      'div',
      {},
      el('label', {}, say('decision.note'), this.note),
      this.noteNeeded,
      this.lack,
      el('div', { class: 'line' }, ...this.buttons.map(([, button]) => button)),
    )
    const title = el('h2', {}, say('decision.title'))
    this.needNote(false)
    this.next = new NextPart(desk)
    fill(this.body, title, this.state, this.trouble, this.next.body, this.form, this.files)
  }

  draw(): void {
    const { standing, isOpen, open, isBusy } = this.desk
    this.form.hidden = !isOpen
    this.next.draw()
    fill(this.lack, open > 0 ? say('decision.lack', { open }) : '')
    for (const [verdict, button] of this.buttons)
      button.disabled = this.isDeciding || isBusy || (open > 0 && verdict !== 'returned')
    const { decision, report_id } = standing
    const now = JSON.stringify([decision, report_id])
    if (now === this.shown) return
    this.shown = now
    this.tell()
    this.drawState()
    void this.drawFiles(report_id)
    if (decision?.reissue === 'waiting' || decision?.reissue === 'running') void this.watch()
  }

  /** Lets the page around say what is decided now; it knows what was when it was opened. */
  private tell(): void {
    const { standing, done } = this.desk
    if (standing.state === (this.told || done.review)) return
    this.told = standing.state
    this.body.dispatchEvent(new CustomEvent('standing', { bubbles: true, detail: standing }))
  }

  private drawState(): void {
    const { decision } = this.desk.standing
    const parts: Node[] = []
    if (decision === null) {
      if (!this.desk.mayReview) parts.push(el('p', {}, say('decision.not_yet')))
    } else {
      const when = moment(decision.created_at)
      const { name } = decision.by
      const words = say(`decision.done.${decision.outcome}`, { when, name })
      parts.push(el('p', { class: 'answer' }, words))
      if (decision.note !== '') parts.push(el('p', {}, decision.note))
      if (decision.reissue !== null)
        parts.push(el('p', {}, say(`decision.reissue.${decision.reissue}`)))
      if (decision.attach && decision.reissue !== 'done')
        parts.push(el('p', {}, say('decision.will_attach')))
      if (decision.reissue === 'failed' && this.desk.mayReview)
        parts.push(this.button('decision.again', () => writeAgain(this.desk.done.id)))
    }
    if (decision === null || decision.outcome === 'returned') parts.push(this.whoMay())
    fill(this.state, ...parts)
  }

  /** Who signs off, and why some may not. */
  private whoMay(): HTMLElement {
    const { isOwn, mayReview } = this.desk
    const key = mayReview ? 'you' : isOwn && hasRole('reviewer') ? 'own' : 'reviewer'
    return el('p', { class: 'aside' }, say(`decision.who.${key}`))
  }

  /** Asks how far the report is until it is written. */
  private async watch(): Promise<void> {
    if (this.isWatching) return
    this.isWatching = true
    const { left, done } = this.desk
    const isUnderWay = () =>
      ['waiting', 'running'].includes(this.desk.standing.decision?.reissue ?? '')
    while (!left.aborted && isUnderWay()) {
      await pause(left)
      try {
        const { standing } = await inspected(done.id, left)
        if (standing !== null) this.desk.known.standing = standing
        await this.desk.followReport()
        fill(this.trouble)
      } catch (error) {
        if (!left.aborted) fill(this.trouble, notice(error))
      }
      if (!left.aborted) this.draw()
    }
    this.isWatching = false
  }

  private async drawFiles(id: string): Promise<void> {
    try {
      const found = await report(id, this.desk.left)
      if (id === this.desk.standing.report_id) this.drawReport(found)
    } catch (error) {
      if (!this.desk.left.aborted) fill(this.files, notice(error))
    }
  }

  private drawReport(found: Report): void {
    fill(this.files, ...this.downloads(found))
    fill(this.desk.paper, titleForPaper(found, this.desk.known.document?.permit?.holder))
  }

  private downloads(found: Report): Node[] {
    const written = this.desk.known.words?.report_language ?? null
    const { known, standing } = this.desk
    const title = titleOf(found, standing.decision)
    const parts: Node[] = [filesPart(found, written, title, known.isCompared)]
    if (found.receipt !== null) {
      const { number, attached_at } = found.receipt
      const words = say('decision.receipt', { number, when: moment(attached_at) })
      parts.push(told('good', words))
    } else if (found.superseded_by_id !== null) {
      parts.push(told('doubt', say('decision.superseded')))
    } else if (found.decision !== null && this.desk.mayReview) {
      parts.push(this.button('decision.attach', () => attach(found.id), found.id))
    }
    return parts
  }

  /** Does one thing once, and shows what came of it. */
  private button(
    words: 'decision.attach' | 'decision.again',
    act: () => Promise<unknown>,
    changed?: string,
  ): HTMLElement {
    const does = async () => {
      made.disabled = true
      fill(this.trouble)
      try {
        await act()
        if (changed !== undefined) await this.drawFiles(changed)
        await this.desk.refresh()
      } catch (error) {
        made.disabled = false
        fill(this.trouble, notice(error))
      }
    }
    const made = el('button', { type: 'button', class: 'main', onclick: () => void does() })
    fill(made, say(words))
    return made
  }

  private changed(code: string): HTMLElement {
    const { known, list } = this.desk
    const word = known.findings.find((one) => one.code === code)?.review ?? null
    const said = word === null ? say('review.outcome.open') : list.wordTold(word)
    return el('span', {}, el('strong', {}, code), ': ', said)
  }

  /** Before it is said: somebody will ask why it was returned, or not confirmed. */
  private needNote(isLacking: boolean): void {
    const { note, noteNeeded } = this
    note.required = isLacking
    if (isLacking) note.setAttribute('aria-invalid', 'true')
    else note.removeAttribute('aria-invalid')
    fill(
      noteNeeded,
      isLacking ? told('bad', say('decision.note_first')) : say('decision.note_when'),
    )
    if (isLacking) note.focus()
  }

  /** It cannot be taken back. */
  private async ask(outcome: Verdict): Promise<void> {
    const isLacking = outcome !== 'approved' && this.note.value.trim() === ''
    this.needNote(isLacking)
    if (isLacking) return
    const meant = await isSureOf(outcome, this.desk.known)
    if (meant !== null && !this.desk.left.aborted) await this.say(outcome, meant.attach)
  }

  private async say(outcome: Verdict, attach: boolean): Promise<void> {
    this.isDeciding = true
    this.draw()
    fill(this.trouble)
    const { desk } = this
    const seen = desk.known.lastWords()
    try {
      const { reviews_sha256 } = desk.standing
      const note = this.note.value.trim()
      await decide(desk.done.id, { outcome, note, reviews_sha256, attach })
      this.note.value = ''
      await desk.refresh()
    } catch (error) {
      if (desk.left.aborted) return
      fill(this.trouble, notice(error))
      if (error instanceof Problem && error.status === CONFLICT) await this.reload(seen)
    } finally {
      this.isDeciding = false
      desk.drawAll()
    }
  }

  /** Somebody was there before: shows what they said of which finding. */
  private async reload(seen: Map<string, string | null>): Promise<void> {
    const { desk } = this
    try {
      await desk.refresh()
      const now = [...desk.known.lastWords()]
      const others = now.filter(([code, word]) => seen.get(code) !== word).map(([code]) => code)
      const changed = others.map((code) => el('li', {}, this.changed(code)))
      if (changed.length > 0)
        this.trouble.append(el('p', {}, say('decision.changed')), el('ul', {}, ...changed))
      const words = desk.isOpen ? say('decision.reloaded') : say('decision.over')
      this.trouble.append(el('p', {}, words))
    } catch (error) {
      if (!this.desk.left.aborted) this.trouble.append(notice(error))
    }
  }
}

function pause(left: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, AGAIN_MS)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    left.addEventListener('abort', end, { once: true })
  })
}
