/** What is said of findings: by the inspection, in the reader's language, and by people. */

import type { Language } from '../wording'
import { ask } from './api'
import type { Stated, Word } from './reviews'
import {
  all,
  type Epoch,
  type Finding,
  type GroundClass,
  type Outline,
  type Question,
} from './reviews'

export interface Sentence {
  text: string
  language: Language
}

/** The sentences of a report; each in the reader's language, as far as the service still has it. */
export interface Words {
  report_language: Language
  answers: Record<Question, Sentence>
  next_steps: Sentence[]
  warnings: Sentence[]
  findings: Record<string, { reasons: Sentence[]; may_be_false_because: Sentence[] }>
}

/** What a person saw that the inspection did not find. */
export interface Seen {
  outline: Outline
  ground_class: GroundClass
  epoch: Epoch
  note: string
}

export function wordsOf(inspection: string, signal: AbortSignal): Promise<Words> {
  return ask<Words>(`/inspections/${inspection}/words`, { signal })
}

/** All that was said of a finding, the newest first. */
export function historyOf(finding: string, signal: AbortSignal): Promise<Word[]> {
  return all<Word>(`/findings/${finding}/reviews`, signal)
}

export function addFinding(
  inspection: string,
  seen: Seen,
  once: string,
): Promise<Finding & { document: Stated }> {
  return ask(`/inspections/${inspection}/findings`, { method: 'POST', body: seen, once })
}
