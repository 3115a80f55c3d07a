/** Inspections that are asked for together: by a table, watched, and tried again. */

import type { Inspection, Listed } from './answers'
import { ask, problemOf, proofs, ROOT, unreachable } from './api'

/** Why a row cannot be inspected, in words for people. */
export interface Why {
  code: string
  message: string
  hint: string
}

export interface Row {
  row: number
  where: string
  permit: string | null
  current: string | null
  baseline: string | null
  profile: string | null
  problem: Why | null
}

export interface Judged {
  batch_id: string | null
  ready: number
  refused: number
  rows: Row[]
}

export interface Counted {
  id: string
  created_at: string
  /** Of the file that the rows were sent in; none of older ones and of those asked for without. */
  table_name: string | null
  states: Partial<Record<Inspection['state'], number>>
  refused: number
}

export type Item = Pick<Inspection, 'step' | 'share' | 'review'> & {
  position: number
  row: number | null
  permit_id: string | null
  permit_reference: string | null
  flight_name: string | null
  inspection_id: string | null
  state: Inspection['state'] | null
  problem: (Why & { where: string | null }) | null
}

export interface Batch extends Counted {
  items: Item[]
}

export async function sendTable(file: File, isDryRun: boolean): Promise<Judged> {
  const query = new URLSearchParams({ name: file.name.slice(-120), dry_run: String(isDryRun) })
  let answer: Response
  try {
    answer = await fetch(`${ROOT}/batches/tables?${query}`, {
      method: 'POST',
      headers: { ...proofs(), 'Content-Type': 'application/octet-stream' },
      body: file,
    })
  } catch {
    throw unreachable()
  }
  if (answer.ok) return (await answer.json()) as Judged
  throw problemOf(answer.status, await answer.text())
}

export function batches(after: string | null, signal: AbortSignal): Promise<Listed<Counted>> {
  const query = new URLSearchParams({ size: '20', ...(after !== null && { after }) })
  return ask<Listed<Counted>>(`/batches?${query}`, { signal })
}

export function batch(id: string, signal: AbortSignal): Promise<Batch> {
  return ask<Batch>(`/batches/${id}`, { signal })
}

export function retryFailed(id: string): Promise<Batch> {
  return ask<Batch>(`/batches/${id}/retry`, { method: 'POST' })
}
