/** The permits of one's office: found by number, by place, or among the newest. */

import type { Box, History, Listed, Permit } from './answers'
import { ask } from './api'

const SHOWN = 20

export async function newest(signal: AbortSignal): Promise<Permit[]> {
  return (await ask<Listed<Permit>>(`/permits?size=${SHOWN}`, { signal })).items
}

/** Those that the office calls exactly so. */
export async function called(reference: string, signal: AbortSignal): Promise<Permit[]> {
  const asked = new URLSearchParams({ size: String(SHOWN), reference })
  return (await ask<Listed<Permit>>(`/permits?${asked}`, { signal })).items
}

export function history(id: string, signal?: AbortSignal): Promise<History> {
  return ask<History>(`/permits/${id}`, signal ? { signal } : {})
}

/** The value of one field that counts, where it is a text. */
export function stated(permit: History, field: string): string | null {
  const value = permit.values[field]?.value
  return typeof value === 'string' ? value : null
}

/** The box around the boundary in force. */
export function ground(permit: History): (Box & { area_m2: number }) | null {
  return permit.boundaries.reduce<History['boundaries'][number] | null>(
    (last, one) => (last === null || one.sequence > last.sequence ? one : last),
    null,
  )
}
