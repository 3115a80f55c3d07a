/** Two flights of a permit: which is the earlier, what there is to see of each, and what compared them. */

import type { Flight, PastInspection, PermitRecord } from '../service/record'

/** When it was flown, as its bringer says; else when it came. */
export function flownAt(flight: Flight): string {
  return flight.claimed_at ?? flight.created_at
}

export function ordered(
  permit: PermitRecord,
  one: string,
  other: string,
): { earlier: string; later: string } {
  const when = (id: string) => {
    const flight = permit.flights.find((each) => each.id === id)
    return flight === undefined ? '' : flownAt(flight)
  }
  return when(one) <= when(other) ? { earlier: one, later: other } : { earlier: other, later: one }
}

/** Under which address tiles of a flight are: of the newest inspection that wrote its picture. */
export function pictureOf(permit: PermitRecord, flight: string): string | null {
  const done = permit.inspections.filter((one) => one.state === 'done')
  const own = done.find((one) => one.current_id === flight)
  if (own !== undefined) return `${own.id}/current`
  const beside = done.find((one) => one.baseline_id === flight)
  return beside === undefined ? null : `${beside.id}/baseline`
}

/** The newest inspection that holds the two against one another, whatever became of it. */
export function comparedBy(
  permit: PermitRecord,
  earlier: string,
  later: string,
): PastInspection | null {
  const open = ['submitted', 'running', 'done']
  return (
    permit.inspections.find(
      (one) => one.current_id === later && one.baseline_id === earlier && open.includes(one.state),
    ) ?? null
  )
}

/** The uploads of a flight as an inspection asks for them; null where one of them is not there. */
export function asked(flight: Flight, isCurrent: boolean): Record<string, string> | null {
  const roles = ['orthophoto', 'dsm', 'flight_log', ...(isCurrent ? ['control_points'] : [])]
  const needed = ['orthophoto', ...Object.keys(flight.files)].filter((one) => roles.includes(one))
  const found = needed.flatMap((role) => {
    const upload = flight.uploads[role]
    return upload === undefined ? [] : [[role, upload] as const]
  })
  return found.length === needed.length ? Object.fromEntries(found) : null
}
