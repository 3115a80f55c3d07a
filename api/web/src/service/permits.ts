/** The permits of one's office: found by number, by place, or among the newest. */

import type { Boundary, History, Listed, NearPermit, Permit } from './answers'
import { ask } from './api'
import { NEWEST, SHOWN } from './newest'

type Grounded = Pick<History, 'boundaries'>

export async function newest(signal: AbortSignal): Promise<Permit[]> {
  return (await ask<Listed<Permit>>(NEWEST, { signal })).items
}

/** Those of which all these words are said: numbers, kind, place. */
export async function saying(text: string, signal: AbortSignal): Promise<Permit[]> {
  const asked = new URLSearchParams({ size: String(SHOWN), text })
  return (await ask<Listed<Permit>>(`/permits?${asked}`, { signal })).items
}

/** Those around a place, the nearest first. */
export async function near(
  { longitude, latitude }: GeolocationCoordinates,
  signal: AbortSignal,
): Promise<NearPermit[]> {
  const asked = new URLSearchParams({
    size: String(SHOWN),
    longitude: String(longitude),
    latitude: String(latitude),
  })
  return (await ask<Listed<NearPermit>>(`/permits/near?${asked}`, { signal })).items
}

export function history(id: string, signal?: AbortSignal): Promise<History> {
  return ask<History>(`/permits/${id}`, signal ? { signal } : {})
}

/** The value of one field that counts, where it is a text. */
export function stated(permit: History, field: string): string | null {
  const value = permit.values[field]?.value
  return typeof value === 'string' ? value : null
}

/** The outline of the boundary in force, as GeoJSON. */
export async function outline(
  permit: Grounded & { id: string },
  signal: AbortSignal,
): Promise<object | null> {
  const boundary = ground(permit)
  if (boundary === null) return null
  return ask<object>(`/permits/${permit.id}/boundaries/${boundary.id}`, { signal })
}

/** The boundary in force, with the box around it. */
export function ground(permit: Grounded): Boundary | null {
  return permit.boundaries.reduce<Boundary | null>(
    (last, one) => (last === null || one.sequence > last.sequence ? one : last),
    null,
  )
}
