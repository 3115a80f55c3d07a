/** The permits of one's office: found by number, by place, or among the newest. */

import type { Boundary, History, Listed, ListedPermit, NearPermit } from './answers'
import { ask } from './api'
import { NEWEST, SHOWN } from './newest'

type Grounded = Pick<History, 'boundaries'>

/** Asks for the part of a list that begins where the one before it ended. */
export type Parts<One> = (after: string | null) => Promise<Listed<One>>

export function newest(signal: AbortSignal): Parts<ListedPermit> {
  return parts(NEWEST, signal)
}

/** Those of which all these words are said: numbers, kind, place, holder. */
export function saying(text: string, signal: AbortSignal): Parts<ListedPermit> {
  return parts(`/permits?${new URLSearchParams({ size: String(SHOWN), text })}`, signal)
}

/** Those around a place, the nearest first. */
export function near(
  { longitude, latitude }: GeolocationCoordinates,
  signal: AbortSignal,
): Parts<NearPermit> {
  const asked = new URLSearchParams({
    size: String(SHOWN),
    longitude: String(longitude),
    latitude: String(latitude),
  })
  return parts(`/permits/near?${asked}`, signal)
}

function parts<One>(path: string, signal: AbortSignal): Parts<One> {
  return (after) => {
    const next = after === null ? '' : `&${new URLSearchParams({ after })}`
    return ask(path + next, { signal })
  }
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
