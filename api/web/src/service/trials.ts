/** What-ifs: what is published, tried under other rules. */

import type { Listed } from './answers'
import { ask, ROOT } from './api'
import type { Why } from './batches'

export type State = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
export type Question = 'place' | 'observed' | 'comparable' | 'outside' | 'limits'
export type Verdict = 'pass' | 'fail' | 'uncertain' | 'not_applicable'

export interface Tried {
  id: string
  created_at: string
  profile: string
  is_own: boolean
  batch_id: string | null
  words: string | null
  states: Partial<Record<State, number>>
  changed: number
}

export interface Answered {
  question: Question
  before: Verdict
  after: Verdict
  is_other: boolean
}

export interface TriedItem {
  position: number
  permit_reference: string
  inspection_id: string
  flight_name: string
  state: State
  answers: Answered[]
  ledger_before_ha: Record<string, number | null> | null
  ledger_after_ha: Record<string, number | null> | null
  findings_before: number | null
  findings_after: number | null
  is_other_version: boolean
  problem: Why | null
}

export interface Trial extends Tried {
  items: TriedItem[]
}

export interface Wanted {
  profile?: string
  rules?: string
  batch_id?: string
  words?: string
}

export function tryRules(wanted: Wanted): Promise<Trial> {
  return ask<Trial>('/trials', { method: 'POST', body: wanted })
}

export function trials(after: string | null, signal: AbortSignal): Promise<Listed<Tried>> {
  const query = new URLSearchParams({ size: '20', ...(after !== null && { after }) })
  return ask<Listed<Tried>>(`/trials?${query}`, { signal })
}

export function trial(id: string, every: boolean, signal: AbortSignal): Promise<Trial> {
  return ask<Trial>(`/trials/${id}?all=${every}`, { signal })
}

export function giveUp(id: string): Promise<Trial> {
  return ask<Trial>(`/trials/${id}/cancel`, { method: 'POST' })
}

export function trialTable(id: string, form: 'csv' | 'xlsx'): string {
  return `${ROOT}/trials/${id}/table?form=${form}`
}
