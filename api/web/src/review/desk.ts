/**
 * A finished inspection under review: what it found, what people said, and what is decided.
 *
 * A word shows at once and goes to the service in turn. What the service knows is read again when
 * the last one is through, so that what is on the page is what a decision would refer to.
 */

import { el, fill } from '../dom'
import { notice } from '../notice'
import {
  type Document,
  documentOf,
  type Finding,
  findingsOf,
  type Inspected,
  inspected,
  type Reason,
  reasons,
  type Said,
  type Standing,
  type Stated,
  speakOf,
  statedOf,
} from '../service/reviews'
import { hasRole, whoever } from '../service/session'
import { say } from '../wording'
import { answersPart } from './answers_part'
import { DecisionPart } from './decision_part'
import { askReason, showKeys } from './dialogs'
import { FindingsPart } from './findings_part'
import { hearKeys } from './keys'
import { type Look, MAP_KEYS, mapPart } from './map_part'
import '../styles/review.css'

/** Those who review, but nobody what they sent. */
export function mayReview(one: Inspected): boolean {
  return hasRole('reviewer') && one.submitted_by !== whoever()?.user_id
}

/** Shows the result of an inspection that is done in this place. */
export async function showResult(place: HTMLElement, done: Inspected, left: AbortSignal) {
  const map = el('div', { class: 'ground' })
  if (done.standing === null) {
    fill(place, map)
    await mapPart(map, done, null, left)
    return
  }
  const desk = new Desk(done, done.standing, left)
  fill(place, desk.top, el('div', { class: 'desk' }, map, desk.list.body), desk.decision.body)
  // The answers and the list are of use before the map is.
  await desk.begin()
  desk.look = await mapPart(map, done, desk.document, left)
  desk.look?.map.onPick((id) => {
    for (const one of desk.findings) if (one.id === id) desk.goTo(one)
  })
  desk.drawAll()
  place.setAttribute('data-ready', '')
}

export class Desk {
  readonly top = el('div')
  readonly list: FindingsPart
  readonly decision: DecisionPart
  readonly mayReview: boolean
  findings: Finding[] = []
  look: Look | null = null
  /** What the report in force says; null where it cannot be read. */
  document: Document | null = null
  private readonly stated = new Map<string, Stated>()
  private chosen: Finding | null = null
  private line: Promise<void> = Promise.resolve()
  private waiting = 0
  private isReading = false
  private reasons: Reason[] = []

  constructor(
    readonly done: Inspected,
    public standing: Standing,
    readonly left: AbortSignal,
  ) {
    this.mayReview = mayReview(done)
    this.list = new FindingsPart(this)
    this.decision = new DecisionPart(this)
    hearKeys(
      {
        j: () => this.step(1),
        k: () => this.step(-1),
        a: () => this.accept(),
        r: () => this.reject(),
        ...Object.fromEntries(MAP_KEYS.map((key) => [key, () => this.look?.keys[key]()])),
        '?': () => showKeys(),
      },
      left,
    )
  }

  /** Whether words may still be said. */
  get isOpen(): boolean {
    return this.mayReview && ['open', 'returned'].includes(this.standing.state)
  }

  get open(): number {
    return this.findings.filter((one) => one.review === null).length
  }

  /** Whether the page and the service may know different things. */
  get isBusy(): boolean {
    return this.waiting > 0 || this.isReading
  }

  statedOf(one: Finding): Stated | undefined {
    return this.stated.get(one.code)
  }

  reasonOf(code: string): string {
    return this.reasons.find((one) => one.code === code)?.sentence ?? code
  }

  async begin(): Promise<void> {
    const asked = this.reports()
    this.reasons = await reasons(this.left)
    this.document = await asked
    if (this.document !== null) {
      fill(this.top, answersPart(this.document))
      for (const one of this.document.findings) this.stated.set(one.id, one)
    }
    await this.read()
    this.drawAll()
  }

  /** Reads again how it stands: first what a decision refers to, so that it never knows more. */
  async refresh(): Promise<void> {
    this.isReading = true
    try {
      const { standing } = await inspected(this.done.id, this.left)
      if (standing !== null) this.standing = standing
      await this.read()
    } finally {
      this.isReading = false
    }
    this.drawAll()
  }

  /** Chosen by the person: what was told of another is over. */
  goTo(one: Finding): void {
    this.list.tell('')
    this.choose(one)
  }

  private choose(one: Finding): void {
    const before = this.chosen
    this.chosen = one
    if (before !== null) this.draw(before)
    this.draw(one)
    this.look?.map.zoomTo(one.id)
    this.list.draw(this.chosen)
  }

  accept(): void {
    if (this.isOpen && this.chosen !== null) this.speak(this.chosen, { outcome: 'accepted' })
    else if (this.isOpen) this.list.tell(say('review.choose_first'))
  }

  async reject(): Promise<void> {
    const one = this.chosen
    if (!this.isOpen) return
    if (one === null) {
      this.list.tell(say('review.choose_first'))
      return
    }
    const why = await askReason(one.code, this.reasons)
    if (why !== null && !this.left.aborted) this.speak(one, { outcome: 'rejected', ...why })
  }

  drawAll(): void {
    for (const one of this.findings) this.draw(one)
    this.look?.legend.draw(this.findings)
    this.list.draw(this.chosen)
    this.decision.draw()
  }

  private speak(about: Finding, said: Said): void {
    // While a reason was asked for, the list may have been read anew.
    const one = this.findings.find((now) => now.id === about.id)
    if (one === undefined) return
    const before = one.review
    this.waiting += 1
    one.review = { reason_code: null, note: '', edit: null, ...said }
    this.list.tell(say(`review.said.${said.outcome}`, { code: one.code, open: this.open }))
    this.drawAll()
    const next = this.openAfter(one)
    if (next !== undefined) this.choose(next)
    this.line = this.line.then(() => this.send(one, said, before))
  }

  private async send(one: Finding, said: Said, before: Finding['review']): Promise<void> {
    try {
      one.review = await speakOf(one.id, said)
    } catch (error) {
      one.review = before
      this.list.tell(say('review.undone', { code: one.code }), notice(error))
      this.choose(one)
    }
    this.waiting -= 1
    this.drawAll()
    if (this.waiting > 0 || this.left.aborted) return
    try {
      await this.refresh()
    } catch (error) {
      if (!this.left.aborted) this.list.tell(say('review.stale'), notice(error))
    }
  }

  private openAfter(one: Finding): Finding | undefined {
    const place = this.findings.indexOf(one)
    const rest = [...this.findings.slice(place + 1), ...this.findings.slice(0, place)]
    return rest.find((other) => other.review === null)
  }

  private async reports(): Promise<Document | null> {
    try {
      return await documentOf(this.standing.report_id, this.left)
    } catch (error) {
      if (this.left.aborted) throw error
      fill(this.top, notice(error))
      return null
    }
  }

  private async read(): Promise<void> {
    const findings = await findingsOf(this.done.id, this.left)
    const unknown = findings.filter((one) => !this.stated.has(one.code))
    for (const one of unknown) this.stated.set(one.code, await statedOf(one.id, this.left))
    // A word that is under way is not known to the service yet, and counts here.
    if (this.waiting > 0) return
    this.findings = findings
    this.chosen = findings.find((one) => one.id === this.chosen?.id) ?? null
  }

  private draw(one: Finding): void {
    const rings = one.review?.edit?.vertices ?? this.stated.get(one.code)?.vertices ?? null
    this.look?.map.findings.draw(one, rings, one.id === this.chosen?.id)
  }

  private step(by: 1 | -1): void {
    const count = this.findings.length
    if (count === 0) return
    const place = this.findings.findIndex((one) => one.id === this.chosen?.id)
    const next = place < 0 ? (by > 0 ? 0 : count - 1) : (place + by + count) % count
    const one = this.findings[next]
    if (one !== undefined) this.goTo(one)
  }
}
