/** What anybody may ask: whether a report is genuine, what was found, and to object. */

import { problemOf, proofs, ROOT, unreachable } from './api'
import type { Decided, Finding } from './reviews'

/** Of a PDF that is sent to be verified. */
export const MOST_BYTES = 64 * 2 ** 20
export const LEAST_WORDS = 10
export const MOST_WORDS = 4000

export interface PublicReport {
  permit_reference: string
  sha256: string
  code: string
  created_at: string
  decision: Decided['outcome'] | null
  attached_at: string | null
  /** Of the office: its days are told by it. */
  time_zone: string
  superseded_by: { sha256: string; code: string; created_at: string } | null
  newer_under_review: boolean
}

export interface Judgement {
  verdict: 'genuine' | 'undecided' | 'superseded' | 'altered' | 'unproven' | 'unknown'
  sentence: string
  report: PublicReport | null
  flaws: { code: string; file: string; message: string }[]
}

export interface PublicFinding
  extends Pick<Finding, 'code' | 'ground_class' | 'epoch' | 'location' | 'area_m2'> {
  area_uncertainty_m2: number | null
  area_outside_m2: number | null
  distance_outside_m: number | null
  direction:
    | 'north'
    | 'northeast'
    | 'east'
    | 'southeast'
    | 'south'
    | 'southwest'
    | 'west'
    | 'northwest'
  from_middle_m: number
  is_edited: boolean
}

/** A report, and what can be objected to in it. */
export interface Subject {
  report_sha256: string
  code: string
  created_at: string
  decision: PublicReport['decision']
  superseded_by: PublicReport['superseded_by']
  findings: PublicFinding[]
  /** Of the office: its days are told by it. */
  time_zone: string
  /** Two flights were; one alone cannot tell since when ground lies open. */
  is_compared: boolean
  rejected: number
}

export type AnswerOutcome = 'upheld' | 'partly' | 'dismissed'

export interface PublicObjection {
  number: string
  created_at: string
  report_sha256: string
  finding: string | null
  due_at: string | null
  time_zone: string
  sentence: string
  answers: { outcome: AnswerOutcome; text: string; created_at: string }[]
}

export interface Objection {
  id: string
  number: string
  created_at: string
  permit_reference: string
  inspection_id: string
  sequence: number
  finding: string | null
  text: string
  has_contact: boolean
  due_at: string | null
  answered_at: string | null
  answers: PublicObjection['answers']
}

/** Sends a PDF, and tells how much of it is on its way: what a plain fetch does not. */
export function judgedPaper(
  paper: Blob,
  onSent: (share: number) => void,
  signal: AbortSignal,
): Promise<Judgement> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    call.open('POST', `${ROOT}/verifications`)
    for (const [name, value] of Object.entries(proofs())) call.setRequestHeader(name, value)
    call.setRequestHeader('Content-Type', 'application/pdf')
    call.upload.onprogress = ({ loaded, total }) => onSent(total === 0 ? 1 : loaded / total)
    call.onload = () => {
      if (call.status === 200) resolve(JSON.parse(call.responseText) as Judgement)
      else reject(problemOf(call.status, call.responseText))
    }
    call.onerror = () => reject(unreachable())
    call.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', () => call.abort(), { once: true })
    call.send(paper)
  })
}
