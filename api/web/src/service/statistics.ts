/** Figures of the office: what the service counted, of its work and of nobody's. */

import { ask, ROOT } from './api'

export interface Month {
  month: string
  submitted: number
  done: number
  under_way: number
  refused: number
  failed: number
  cancelled: number
  not_comparable: number
  approved: number
  declined: number
  undecided: number
}

export interface Spread {
  median: number
  ninety: number
}

export interface Decisions {
  /** Null for all of them together. */
  month: string | null
  decided: number
  counted: number
  working_days: Spread | null
  working_minutes: Spread | null
  elapsed_hours: Spread | null
}

export interface Judged {
  name: string | null
  findings: number
  accepted: number
  edited: number
  rejected: number
  share: number | null
}

export interface Cause {
  name: string
  rejected: number
  share: number | null
}

export interface Age {
  up_to_days: number | null
  findings: number
  inspections: number
}

/** Hectares; what is not known is null. */
export interface Open {
  disturbed_ha: number
  new_ha: number | null
  recovered_ha: number | null
}

export interface Ground extends Open {
  permits: number
  compared: number
  undecided: number
}

export interface District extends Ground {
  regency: string | null
  district: string | null
}

export interface Year extends Ground {
  year: number
}

export interface Figures {
  since: string
  until: string
  inspections: Month[]
  decisions: Decisions[]
  confirmed: { all: Judged; classes: Judged[]; causes: Cause[]; doubts: Judged[] }
  open_findings: {
    findings: number
    inspections: number
    oldest_since: string | null
    ages: Age[]
  }
  ground: { total: Ground; districts: District[]; years: Year[]; unread: number }
}

export interface PermitGround extends Open {
  permit_id: string
  reference: string
  seen_at: string
}

export interface PermitGrounds {
  items: PermitGround[]
  count: number
}

export type Table =
  | 'inspections'
  | 'decisions'
  | 'classes'
  | 'causes'
  | 'doubts'
  | 'open_findings'
  | 'permits'
  | 'districts'
  | 'years'

/** From which month to which; the service's own choice where none is named. */
export interface Span {
  since?: string
  until?: string
}

export function figures(span: Span, signal: AbortSignal): Promise<Figures> {
  return ask<Figures>(`/statistics?${new URLSearchParams({ ...span })}`, { signal })
}

export function mostDisturbed(size: number, signal: AbortSignal): Promise<PermitGrounds> {
  return ask<PermitGrounds>(`/statistics/permits?size=${size}`, { signal })
}

/** Where a table lies, as a workbook or as CSV. */
export function tableAddress(of: Table, { since, until }: Figures, form: 'xlsx' | 'csv'): string {
  return `${ROOT}/statistics/table?${new URLSearchParams({ of, since, until, form })}`
}
