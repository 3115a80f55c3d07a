/** What the page knows of an inspection under review: what it found, says, and what was said of it. */

import { metresToBox } from '../map/geodesy'
import type { ReviewState } from '../service/answers'
import { type Words, wordsOf } from '../service/findings'
import {
  type Document,
  documentOf,
  type Finding,
  findingsOf,
  type Ground,
  groundOf,
  type Inspected,
  inspected,
  type Reason,
  type Rings,
  reasons,
  type Standing,
  type Stated,
  statedOf,
  type Values,
  type Word,
} from '../service/reviews'

/** As long as words may be said. */
export const OPEN: readonly ReviewState[] = ['open', 'returned']
/** What writing in degrees may move. */
const ROUNDING_M = 0.01

export class Known {
  findings: Finding[] = []
  /** What the report in force says; null where it cannot be read. */
  document: Document | null = null
  words: Words | null = null
  /** What counts after what was said; null until the service has measured it. */
  ground: Ground | null = null
  private reasons: Reason[] = []
  /** Of which words the ground was measured. */
  private groundOf = ''
  /** Which report was read. */
  private readId: string | null = null
  private readonly stated = new Map<string, Stated>()

  constructor(
    readonly done: Inspected,
    public standing: Standing,
    private readonly left: AbortSignal,
  ) {}

  /** Reads what does not change; gives what went wrong with the report, without which one can work. */
  async begin(): Promise<unknown> {
    const [read, why] = await Promise.allSettled([this.readReport(), reasons(this.left)])
    if (why.status === 'rejected') throw why.reason
    this.reasons = why.value
    return read.status === 'rejected' ? read.reason : null
  }

  /** Reads the report in force: another one is, once a decision is written into it. */
  async readReport(): Promise<void> {
    const { report_id } = this.standing
    const [document, words] = await Promise.all([
      documentOf(report_id, this.left),
      wordsOf(this.done.id, this.left),
    ])
    this.readId = report_id
    this.document = document
    this.words = words
    for (const one of document.findings) this.stated.set(one.id, one)
  }

  /** Whether another report took the place of the one that was read. */
  get isReplaced(): boolean {
    return this.readId !== null && this.readId !== this.standing.report_id
  }

  /** Reads how it stands: first what a decision refers to, so that it never knows more. */
  async read(isOld: () => boolean, decided: () => void): Promise<void> {
    const { standing } = await inspected(this.done.id, this.left)
    // A final decision stands, whatever else is read: nobody is to wait for it before a form.
    if (standing !== null && !OPEN.includes(standing.state)) {
      this.standing = standing
      decided()
    }
    const [findings, ground] = await Promise.all([
      findingsOf(this.done.id, this.left),
      groundOf(this.done.id, this.left),
    ])
    const unknown = findings.filter((one) => !this.stated.has(one.code))
    const stated = await Promise.all(unknown.map((one) => statedOf(one.id, this.left)))
    for (const [place, one] of unknown.entries()) this.stated.set(one.code, stated[place] as Stated)
    // A word said meanwhile may be missing in it, and counts here; it has all of this read again.
    if (isOld()) return
    if (standing !== null) this.standing = standing
    this.ground = ground
    this.groundOf = JSON.stringify(findings.map((one) => one.review?.id ?? null))
    this.findings = findings
  }

  /** Whether the ground is that of the words that the page shows. */
  get isGroundKnown(): boolean {
    const shown = JSON.stringify(this.findings.map((one) => one.review?.id ?? null))
    return this.ground?.reviews_sha256 === this.standing.reviews_sha256 && shown === this.groundOf
  }

  /** Puts a word on a finding. */
  said(id: string, word: Word | null): Finding | undefined {
    const one = this.findings.find((each) => each.id === id)
    if (one !== undefined) one.review = word
    return one
  }

  wordOn(id: string): Word | null {
    return this.findings.find((one) => one.id === id)?.review ?? null
  }

  add(one: Finding, stated: Stated): void {
    this.stated.set(one.code, stated)
    this.findings.push(one)
  }

  /** Which word was the last on each finding, by its code. */
  lastWords(): Map<string, string | null> {
    return new Map(this.findings.map((one) => [one.code, one.review?.id ?? null]))
  }

  get everyReason(): readonly Reason[] {
    return this.reasons
  }

  reasonOf(code: string): string {
    return this.reasons.find((one) => one.code === code)?.sentence ?? code
  }

  /** What the inspection, or whoever added it, states of a finding. */
  statedOf(one: Finding): Stated | undefined {
    return this.stated.get(one.code)
  }

  /** What counts of a finding: what a person states last, else what is stated of it. */
  valuesOf(one: Finding): Values | undefined {
    return one.review?.edit ?? this.stated.get(one.code)
  }

  /** How far a place lies beyond what was looked at; null where it does not, or nobody knows. */
  tooFar(place: number[]): number | null {
    if (this.document === null) return null
    const { boundary, parameters } = this.document
    const metres = metresToBox(place, boundary.vertices.flat(2))
    return metres > parameters.clip.ring_m + ROUNDING_M ? metres : null
  }

  ringsOf(one: Finding): Rings | null {
    return this.valuesOf(one)?.vertices ?? null
  }

  /** Whether two flights were: one alone cannot tell since when ground lies open. */
  get isCompared(): boolean {
    return this.done.baseline_id !== null && this.done.is_comparable !== false
  }

  /** The finding as it counts. */
  counted(said: Finding): Finding {
    const isUndated = !this.isCompared && said.added_by === null
    const one: Finding = isUndated ? { ...said, epoch: 'undated' } : said
    const edit = one.review?.edit
    if (!edit) return one
    return { ...one, ground_class: edit.class, location: edit.location, area_m2: edit.area_m2 }
  }
}
