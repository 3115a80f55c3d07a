/**
 * A finished inspection under review: what it found, what people said, and what is decided.
 *
 * What the service knows is read again when the last word is through, so that what is on the page is
 * what a decision would refer to.
 */

import { el, fill } from '../dom'
import { notice } from '../notice'
import type { Finding, Inspected, Standing } from '../service/reviews'
import { hasRole, whoever } from '../service/session'
import { say } from '../wording'
import { answersPart } from './answers_part'
import { DecisionPart } from './decision_part'
import { askReason, showKeys } from './dialogs'
import { FindingsPart } from './findings_part'
import { hearKeys } from './keys'
import { Known, OPEN } from './known'
import { MAP_KEYS } from './map_desk'
import type { Look } from './map_part'
import { Outlining } from './outlining'
import { Saying } from './saying'
import { Tally } from './tally'

/** Two clicks within this may be meant as one. */
const DOUBLE_MS = 500

export class Desk {
  readonly top = el('div', { class: 'first' })
  /** Of which report the page tells: for paper, which is read away from the screen. */
  readonly paper = el('p', { class: 'onpaper' })
  readonly known: Known
  readonly outlining: Outlining
  readonly list: FindingsPart
  readonly decision: DecisionPart
  look: Look | null = null
  private readonly saying: Saying
  private readonly tally = new Tally()
  private chosenId: string | null = null
  private isReading = false
  private savedAt = -Infinity

  constructor(
    readonly done: Inspected,
    standing: Standing,
    readonly left: AbortSignal,
  ) {
    this.known = new Known(done, standing, left)
    this.saying = new Saying(this)
    this.outlining = new Outlining(this)
    this.list = new FindingsPart(this)
    this.decision = new DecisionPart(this)
    const onFinding = {
      j: () => this.step(1),
      k: () => this.step(-1),
      a: () => this.accept(),
      r: () => this.reject(),
      e: () => this.edit(),
      n: () => this.add(),
      u: () => this.undo(),
    }
    const acts: Record<string, () => void | Promise<void>> = { '?': () => this.keys() }
    acts.x = () => this.decision.next.go()
    for (const key of MAP_KEYS) acts[key] = () => this.look?.keys[key]()
    for (const [key, act] of Object.entries(onFinding)) acts[key] = () => this.unlessDrawing(act)
    hearKeys(acts, left)
  }

  get standing(): Standing {
    return this.known.standing
  }

  get isOwn(): boolean {
    return this.done.submitted_by === whoever()?.user_id
  }

  /** Those who review, but nobody what they sent. */
  get mayReview(): boolean {
    return hasRole('reviewer') && !this.isOwn
  }

  /** Whether words may still be said. */
  get isOpen(): boolean {
    return this.mayReview && OPEN.includes(this.standing.state)
  }

  get open(): number {
    return this.known.findings.filter((one) => one.review === null).length
  }

  /** Whether the page and the service may know different things. */
  get isBusy(): boolean {
    return this.saying.isUnderWay || this.isReading
  }

  private get chosen(): Finding | null {
    return this.known.findings.find((one) => one.id === this.chosenId) ?? null
  }

  async begin(): Promise<void> {
    const trouble = await this.known.begin()
    if (this.left.aborted) return
    if (trouble === null) this.drawTop()
    else fill(this.top, notice(trouble))
    await this.known.read(
      () => false,
      () => {},
    )
    this.drawAll()
  }

  private drawTop(): void {
    const { document, words } = this.known
    if (document !== null && words !== null)
      fill(this.top, this.paper, answersPart(document, words, this.tally.body))
  }

  /** What the page says is what the report in force says, also when a decision is written into it. */
  async followReport(): Promise<void> {
    if (!this.known.isReplaced) return
    await this.known.readReport()
    if (!this.left.aborted) this.drawTop()
  }

  async refresh(): Promise<void> {
    this.isReading = true
    this.decision.draw()
    try {
      await this.known.read(this.saying.sinceNow(), () => this.drawAll())
      await this.followReport()
    } finally {
      this.isReading = false
    }
    this.drawAll()
  }

  isChosen(id: string): boolean {
    return this.chosenId === id
  }

  /** Chosen by the person: what was told of another is over. */
  goTo(id: string): void {
    this.list.tell('')
    this.choose(id)
  }

  /** On the map, which stays under the cursor; a click may be meant for a drawing. */
  pick(id: string): void {
    if (this.outlining.isOn) return
    this.list.tell('')
    this.choose(id, false)
  }

  choose(id: string, mayScroll = true): void {
    const before = this.chosen
    this.chosenId = id
    if (before !== null) this.draw(before)
    if (this.chosen !== null) this.draw(this.chosen)
    this.look?.map.zoomTo(id)
    this.drawList()
    this.list.lookAtChosen(mayScroll)
  }

  chooseOpenAfter(one: Finding): void {
    const { listed } = this.list
    const place = listed.findIndex((other) => other.id === one.id)
    const rest = [...listed.slice(place + 1), ...listed.slice(0, Math.max(place, 0))]
    const next = rest.find((other) => other.review === null)
    if (next !== undefined) this.choose(next.id)
  }

  accept(): void {
    const one = this.spokenOf()
    if (one !== null) this.saying.speak(one, { outcome: 'accepted' })
  }

  async reject(): Promise<void> {
    const one = this.spokenOf()
    if (one === null) return
    const why = await askReason(one.code, this.known.everyReason)
    if (why !== null && !this.left.aborted) this.saying.speak(one, { outcome: 'rejected', ...why })
  }

  async undo(): Promise<void> {
    const one = this.spokenOf()
    if (one !== null) await this.saying.undo(one)
  }

  async edit(): Promise<void> {
    const one = this.spokenOf()
    if (one !== null) await this.outlining.begin(one)
  }

  async add(): Promise<void> {
    if (this.isOpen) await this.outlining.begin(null)
  }

  inTurn<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    return this.saying.inTurn(act)
  }

  readAgain(): Promise<void> {
    return this.saying.readAgain()
  }

  /** The second click of a double one on *Save* would fall on a word. */
  get justSaved(): boolean {
    return performance.now() - this.savedAt < DOUBLE_MS
  }

  /** Shows an outline that was saved, and then whatever else the service knows. */
  async saved(id: string, words: string): Promise<void> {
    this.savedAt = performance.now()
    this.drawAll()
    this.choose(id)
    this.list.tell(words)
    const one = this.chosen
    // Of what was added the figures are looked at; an edit is a word like any other.
    if (one?.review?.outcome === 'edited') this.chooseOpenAfter(one)
    await this.readAgain()
  }

  drawAll(): void {
    for (const one of this.known.findings) this.draw(one)
    this.look?.legend.draw(this.known.findings.map((one) => this.known.counted(one)))
    this.drawList()
    this.tally.draw(this.known, this.open)
    this.decision.draw()
  }

  drawList(): void {
    const one = this.chosen
    this.list.draw(one)
    if (this.outlining.isOn) return
    const first = one?.review?.edit ? this.known.statedOf(one)?.vertices : undefined
    this.look?.original.show(first ?? null)
  }

  /** The finding that a word would be about; where none is chosen, that is told. */
  private spokenOf(): Finding | null {
    if (!this.isOpen) return null
    if (this.chosen === null) this.list.tell(say('review.choose_first'))
    return this.chosen
  }

  private async unlessDrawing(act: () => void | Promise<void>): Promise<void> {
    if (this.outlining.isOn) this.list.tell(say('outline.first'))
    else await act()
  }

  async keys(): Promise<void> {
    await showKeys()
    this.drawList()
  }

  private draw(one: Finding): void {
    const isChosen = one.id === this.chosenId
    const { known } = this
    this.look?.map.findings.draw(known.counted(one), known.ringsOf(one), isChosen)
  }

  private step(by: 1 | -1): void {
    const { listed } = this.list
    if (listed.length === 0) return
    const place = listed.findIndex((one) => one.id === this.chosenId)
    const first = by > 0 ? 0 : listed.length - 1
    const next = place < 0 ? first : (place + by + listed.length) % listed.length
    const one = listed[next]
    if (one !== undefined) this.goTo(one.id)
  }
}
