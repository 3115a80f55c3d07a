/** What the page knows of an inspection under review: what it found, says, and what was said of it. */

import { type Words, wordsOf } from '../service/findings'
import {
  type Document,
  documentOf,
  type Finding,
  findingsOf,
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

export class Known {
  findings: Finding[] = []
  /** What the report in force says; null where it cannot be read. */
  document: Document | null = null
  words: Words | null = null
  private reasons: Reason[] = []
  private readonly stated = new Map<string, Stated>()

  constructor(
    readonly done: Inspected,
    public standing: Standing,
    private readonly left: AbortSignal,
  ) {}

  /** Reads what does not change; gives what went wrong with the report, without which one can work. */
  async begin(): Promise<unknown> {
    const report = Promise.all([
      documentOf(this.standing.report_id, this.left),
      wordsOf(this.done.id, this.left),
    ])
    const [read, why] = await Promise.allSettled([report, reasons(this.left)])
    if (why.status === 'rejected') throw why.reason
    this.reasons = why.value
    if (read.status === 'rejected') return read.reason
    ;[this.document, this.words] = read.value
    for (const one of this.document.findings) this.stated.set(one.id, one)
    return null
  }

  /** Reads how it stands: first what a decision refers to, so that it never knows more. */
  async read(isUnderWay: () => boolean): Promise<void> {
    const { standing } = await inspected(this.done.id, this.left)
    const findings = await findingsOf(this.done.id, this.left)
    const unknown = findings.filter((one) => !this.stated.has(one.code))
    const stated = await Promise.all(unknown.map((one) => statedOf(one.id, this.left)))
    for (const [place, one] of unknown.entries()) this.stated.set(one.code, stated[place] as Stated)
    if (standing !== null) this.standing = standing
    // A word that is under way is not known to the service yet, and counts here.
    if (!isUnderWay()) this.findings = findings
  }

  /** Puts a word on a finding. */
  said(id: string, word: Word): Finding | undefined {
    const one = this.findings.find((each) => each.id === id)
    if (one !== undefined) one.review = word
    return one
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

  ringsOf(one: Finding): Rings | null {
    return this.valuesOf(one)?.vertices ?? null
  }

  /** The finding as it counts. */
  counted(one: Finding): Finding {
    const edit = one.review?.edit
    if (!edit) return one
    return { ...one, ground_class: edit.class, location: edit.location, area_m2: edit.area_m2 }
  }
}
