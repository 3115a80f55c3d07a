/** Findings, the words that people say on them, and the decisions that follow. */

import type { Inspection, Listed, OfficeRole, ReviewState } from './answers'
import { ask, newKey } from './api'
import type { Due } from './queue'

export type GroundClass =
  | 'vegetation_clearing'
  | 'bare_ground'
  | 'excavation'
  | 'stockpile'
  | 'water'
  | 'road'
  | 'built'
  | 'other'
export type Location = 'inside' | 'uncertain' | 'outside'
export type Outcome = 'accepted' | 'rejected' | 'edited'
export type Verdict = 'approved' | 'declined' | 'returned'
export type Rings = number[][][][]
export type Outline = { type: 'MultiPolygon'; coordinates: Rings }
export type Epoch = 'new' | 'standing' | 'recovered'

/** What counts in place of a finding's own values, as the service measured it. */
export interface Values {
  class: GroundClass
  location: Location
  area_m2: number
  area_uncertainty_m2: number
  area_inside_m2: number
  area_uncertain_m2: number
  area_outside_m2: number
  distance_outside_m: number | null
  vertices: Rings
}

export interface Person {
  name: string
  role: OfficeRole
}

export interface Word {
  /** Empty until the service has it. */
  id: string
  outcome: Outcome
  /** Counts the words on the finding from 1. */
  sequence: number
  reason_code: string | null
  note: string
  edit: Values | null
  by: Person
  created_at: string
}

export interface Finding {
  id: string
  inspection_id: string
  code: string
  ground_class: GroundClass
  /** As it is shown, `undated` where one flight alone cannot tell. */
  epoch: Epoch | 'undated'
  location: Location
  area_m2: number
  added_by: string | null
  review: Word | null
}

/** What is stated of a finding: by the inspection, or measured of what a person added. */
export interface Stated extends Values {
  id: string
  /** The rest an inspection alone states: people give a note instead. */
  confidence?: number
  robustness?: 'sturdy' | 'fragile'
  certainty?: 'sure' | 'likely' | 'check' | null
  volume_m3?: number | null
  volume_uncertainty_m3?: number | null
}

export const QUESTIONS = ['place', 'observed', 'comparable', 'outside', 'limits'] as const
export type Question = (typeof QUESTIONS)[number]

/** A report's inspection.json, as far as the pages read it. */
export interface Document {
  language: string
  /** The permit's record as it was inspected. */
  permit: Record<string, unknown> | null
  answers: Record<
    Question,
    {
      verdict: 'pass' | 'fail' | 'uncertain' | 'not_applicable'
      value: number | null
      limit: number | null
    }
  >
  findings: Stated[]
  boundary: { vertices: Rings }
  coverage: {
    /** Ground of permit and ring that was not seen, by cause. */
    not_observed: { reason: 'unflown' | 'shadow'; vertices: Rings }[]
    not_observed_ha: number
  }
  flights: Record<'current' | 'baseline', { captured_at: string | null; gsd_m: number } | null>
  parameters: { clip: { ring_m: number } }
}

/** Hectares that count after what was said so far, as the decided report will state them. */
export interface Ground {
  /** Of the words that it follows from. */
  reviews_sha256: string
  new: Record<Location, number>
  /** New and standing together. */
  disturbed: Record<Location, number>
}

export interface Decided {
  outcome: Verdict
  note: string
  by: Person
  created_at: string
  reissue: 'waiting' | 'running' | 'done' | 'failed' | null
  /** Whether the report is attached as soon as it is written. */
  attach: boolean
}

export interface Standing {
  state: ReviewState
  reviews_sha256: string
  decision: Decided | null
  report_id: string
}

export interface Inspected extends Inspection, Due {
  standing: Standing | null
}

export interface Reason {
  code: string
  sentence: string
  needs_note: boolean
}

export interface Report {
  id: string
  /** Its place on the permit's record. */
  sequence: number
  /** By which anybody may verify it. */
  code: string
  superseded_by_id: string | null
  decision: object | null
  receipt: { number: string; attached_at: string } | null
  files: { name: string; size: number | null }[]
}

export type Said =
  | { outcome: 'accepted'; note?: string }
  | { outcome: 'rejected'; reason_code: string; note: string }
  | { outcome: 'edited'; outline: Outline; ground_class: GroundClass; note: string }

const MOST = '200'

/** All of a list, page by page. */
export async function all<Item>(path: string, signal: AbortSignal): Promise<Item[]> {
  const items: Item[] = []
  let after: string | null = null
  do {
    const query: URLSearchParams = new URLSearchParams({ size: MOST })
    if (after !== null) query.set('after', after)
    const sign = path.includes('?') ? '&' : '?'
    const page: Listed<Item> = await ask<Listed<Item>>(`${path}${sign}${query}`, { signal })
    items.push(...page.items)
    after = page.after
  } while (after !== null)
  return items
}

export function inspected(id: string, signal: AbortSignal): Promise<Inspected> {
  return ask<Inspected>(`/inspections/${id}`, { signal })
}

export function findingsOf(id: string, signal: AbortSignal): Promise<Finding[]> {
  return all<Finding>(`/inspections/${id}/findings`, signal)
}

/** What is stated of a finding that stands in no report yet. */
export async function statedOf(finding: string, signal: AbortSignal): Promise<Stated> {
  return (await ask<{ document: Stated }>(`/findings/${finding}`, { signal })).document
}

export function documentOf(report: string, signal: AbortSignal): Promise<Document> {
  return ask<Document>(`/reports/${report}/files/inspection.json`, { signal })
}

export function groundOf(id: string, signal: AbortSignal): Promise<Ground> {
  return ask<Ground>(`/inspections/${id}/ground`, { signal })
}

export function reasons(signal: AbortSignal): Promise<Reason[]> {
  return ask<Reason[]>('/review-reasons', { signal })
}

/** Says a word behind so many others; where somebody else spoke since, it is refused. */
export function speakOf(
  finding: string,
  said: Said,
  expects: number,
  once = newKey(),
): Promise<Word> {
  const body = { ...said, expects }
  return ask<Word>(`/findings/${finding}/reviews`, { method: 'POST', body, once })
}

export function decide(
  id: string,
  verdict: { outcome: Verdict; note: string; reviews_sha256: string; attach: boolean },
): Promise<Decided> {
  const body = verdict
  return ask<Decided>(`/inspections/${id}/decisions`, { method: 'POST', body, once: newKey() })
}

export function writeAgain(id: string): Promise<Decided> {
  return ask<Decided>(`/inspections/${id}/reissue`, { method: 'POST' })
}

export function report(id: string, signal: AbortSignal): Promise<Report> {
  return ask<Report>(`/reports/${id}`, { signal })
}

export function attach(id: string): Promise<object> {
  return ask<object>(`/reports/${id}/attach`, { method: 'POST' })
}
