/** All that is on record of a permit, as far as its page reads it. */

import type { Boundary, InspectionState, Permit, PublicStatus, ReviewState } from './answers'
import { ask, newKey } from './api'
import type { Allowance } from './queue'
import type { Verdict } from './reviews'

export interface Stated {
  source: string
  value: unknown
  where: string
  at: string
}

export interface Value {
  value: unknown
  is_conflict: boolean
  stated: Stated[]
  correction: { value: unknown; reason: string; at: string } | null
}

export interface BoundaryVersion extends Boundary {
  source: string
  as_of: string | null
  created_at: string
}

export interface Limit {
  code: string
  value: unknown
  unit: string
  valid_from: string | null
  valid_until: string | null
  source: string
}

export interface Clock extends Allowance {
  id: string
  step: string
  calendar: string
  state: 'waiting' | 'running' | 'stopped' | 'ended'
  due_at: string | null
  is_overdue: boolean
  events: { at: string; status: string; effect: Effect | null; source: string }[]
}
export type Effect = 'start' | 'stop' | 'resume' | 'stop_and_reset' | 'restart' | 'end'

export interface Flight {
  id: string
  name: string
  sha256: string
  claimed_at: string | null
  withdrawn_at: string | null
  created_at: string
  /** By role, the uploads that its files came by. */
  uploads: Record<string, string>
  files: Record<string, unknown>
}

export interface PastInspection {
  id: string
  current_id: string
  baseline_id: string | null
  state: InspectionState
  created_at: string
  is_comparable: boolean | null
  review: ReviewState | null
}

export interface TrackingCode {
  id: string
  code: string
  created_at: string
}

export interface PermitRecord extends Permit {
  names: { kind: string; value: string }[]
  values: Record<string, Value>
  boundaries: BoundaryVersion[]
  limits: Limit[]
  clocks: Clock[]
  flights: Flight[]
  inspections: PastInspection[]
  decisions: {
    id: string
    inspection_id: string
    outcome: Verdict
    note: string
    created_at: string
  }[]
  reports: {
    id: string
    sequence: number
    sha256: string
    inspection_id: string
    supersedes_id: string | null
    created_at: string
  }[]
  receipts: {
    id: string
    report_id: string
    document: { number?: string; attached_at?: string }
  }[]
  objections: {
    id: string
    number: string
    created_at: string
    sequence: number
    text: string
    answered_at: string | null
  }[]
  tracking_codes: TrackingCode[]
}

export function recordOf(permit: string, signal: AbortSignal): Promise<PermitRecord> {
  return ask<PermitRecord>(`/permits/${permit}`, { signal })
}

/** Where a boundary is given as GeoJSON, to draw it and to keep it. */
export function boundaryAddress(permit: string, boundary: string): string {
  return `/permits/${permit}/boundaries/${boundary}`
}

export function issueCode(permit: string): Promise<TrackingCode> {
  return ask<TrackingCode>(`/permits/${permit}/tracking-codes`, { method: 'POST', once: newKey() })
}

export function statusOf(code: string, signal: AbortSignal): Promise<PublicStatus> {
  return ask<PublicStatus>(`/status/${encodeURIComponent(code)}`, { signal })
}
