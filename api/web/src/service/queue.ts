/** What waits for the reviewers' decision, in the order of the service: due first, then the gravest. */

import type { Inspection, Listed } from './answers'
import { ask } from './api'
import { whoever } from './session'

/** What a result gives to look at, the gravest first. */
export const CONCERNS = [
  'outside',
  'limits',
  'uncertain',
  'not_comparable',
  'unseen',
  'unrated',
] as const
export type Concern = (typeof CONCERNS)[number]
export type ClockState = 'waiting' | 'running' | 'stopped' | 'ended'

export interface Queued extends Inspection {
  concerns: Concern[]
  due_at: string | null
  is_overdue: boolean
  clock: ServiceClock | null
}

/** The time of a clock: in days for all, in hours of work where these are what it counts. */
export interface Allowance {
  unit: 'days' | 'hours'
  allowed_days: number
  taken_days: number
  allowed_minutes: number | null
  taken_minutes: number
  left_minutes: number | null
}

/** Of the clocks of a permit the one that is used up first, as it stood when it was read. */
export interface ServiceClock extends Allowance {
  step: string
  state: ClockState
  read_at: string
  /** When it counts from then on. */
  counts: { begin: string; end: string }[]
}

/** Until when something that waits should be decided. */
export type Due = Pick<Queued, 'due_at' | 'is_overdue' | 'clock'>

export interface Count {
  every: number
  overdue: number
  concerns: Record<Concern, number>
}

export interface Counts {
  open: Count
  returned: Count
  own: number
}

/** Which part of the queue is looked at. */
export interface Which {
  review: 'open' | 'returned'
  text: string
  concern: Concern | ''
  overdue: boolean
}

const SHOWN = 30
const KEPT = 'tinjau.queue'
const ALL: Which = { review: 'open', text: '', concern: '', overdue: false }

/** What one looked at is there again when one comes back, and says which case is the next. */
export function keep(which: Which): void {
  sessionStorage.setItem(KEPT, JSON.stringify({ of: whoever()?.user_id, which }))
}

export function whatWasKept(): Which {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null')
  return { ...(kept !== null && kept.of === whoever()?.user_id ? (kept.which as Which) : ALL) }
}

export function isNarrowed({ text, concern, overdue }: Which): boolean {
  return text !== '' || concern !== '' || overdue
}

export function queued(
  which: Which,
  after: string | null,
  signal: AbortSignal,
): Promise<Listed<Queued>> {
  const asked = narrowed(which, SHOWN)
  if (after !== null) asked.set('after', after)
  return ask<Listed<Queued>>(`/queue?${asked}`, { signal })
}

/** What one may decide next, of what one looked at last: behind this one, then from the beginning. */
export async function nextBehind(id: string, signal: AbortSignal): Promise<Queued | null> {
  const which = whatWasKept()
  for (const behind of [id, null]) {
    const asked = narrowed(which, 2)
    asked.set('own', 'false')
    if (behind !== null) asked.set('behind', behind)
    const { items } = await ask<Listed<Queued>>(`/queue?${asked}`, { signal })
    const next = items.find((one) => one.id !== id)
    if (next !== undefined) return next
  }
  return null
}

function narrowed(which: Which, size: number): URLSearchParams {
  const asked = new URLSearchParams({ review: which.review, size: String(size) })
  if (which.text !== '') asked.set('text', which.text)
  if (which.concern !== '') asked.set('concern', which.concern)
  if (which.overdue) asked.set('overdue', 'true')
  return asked
}

export function counts(signal: AbortSignal): Promise<Counts> {
  return ask<Counts>('/queue/counts', { signal })
}
