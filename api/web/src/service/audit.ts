/** The audit log: its events, and whether the chain of them holds. */

import { ask } from './api'

export interface AuditEvent {
  seq: number
  at: string
  actor: string | null
  action: string
  subject_kind: string
  subject_id: string
  subject_name: string | null
  facts: Record<string, unknown> | null
  hash: string
}

export interface Head {
  day: string
  seq: number
  hash: string
  line: string
}

export interface Flaw {
  code: string
  place: string
  message: string
  hint: string
}

export interface ChainState {
  length: number
  last_hash: string
  head: Head | null
  public_keys: string[]
  examined: {
    first: number
    last: number
    next: number | null
    heads: number
    holds: boolean
    flaws: Flaw[]
  }
}

/** Where the log comes as a file; asking for it is an event itself. */
export const LOG = '/api/v1/audit/log'

export function state(signal: AbortSignal, first?: number): Promise<ChainState> {
  return ask(`/audit/state${first === undefined ? '' : `?first=${first}`}`, { signal })
}

/** The hash of the key that a head says it was signed by. */
export function keyOf(head: Head): string {
  const line = JSON.parse(head.line) as { head: { key_sha256: string } }
  return line.head.key_sha256
}
