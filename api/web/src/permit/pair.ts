/** Two flights of a permit: which is the earlier, what there is to see of each, and what compared them. */

import type { Flight, PastInspection, PermitRecord } from '../service/record'

/** When it was flown, as its bringer says; else when it came. */
export function flownAt(flight: Flight): string {
  return flight.claimed_at ?? flight.created_at
}

/** By when they were flown; where that is not claimed of both, as an inspection held them, else as they came. */
export function ordered(
  permit: PermitRecord,
  one: string,
  other: string,
): { earlier: string; later: string } {
  const of = (id: string) => permit.flights.find((each) => each.id === id)
  const [first, second] = [of(one), of(other)]
  const isOther = { earlier: other, later: one }
  const isOne = { earlier: one, later: other }
  const isClaimed = first?.claimed_at && second?.claimed_at
  const held = isClaimed ? null : comparedBy(permit, one, other)
  if (held !== null) return held.current_id === one ? isOther : isOne
  const when = (flight: Flight | undefined) => (flight === undefined ? '' : flownAt(flight))
  return when(first) <= when(second) ? isOne : isOther
}

/** Under which address tiles of a flight are: of the newest inspection that wrote its picture. */
export function pictureOf(permit: PermitRecord, flight: string): string | null {
  const done = permit.inspections.filter((one) => one.state === 'done')
  const own = done.find((one) => one.current_id === flight)
  if (own !== undefined) return `${own.id}/current`
  const beside = done.find((one) => one.baseline_id === flight)
  return beside === undefined ? null : `${beside.id}/baseline`
}

/** The newest inspection that holds the two against one another, whichever it took for the earlier. */
export function comparedBy(
  permit: PermitRecord,
  one: string,
  other: string,
): PastInspection | null {
  const open = ['submitted', 'running', 'done']
  const isOfThese = ({ current_id, baseline_id }: PastInspection) =>
    (current_id === one && baseline_id === other) || (current_id === other && baseline_id === one)
  return permit.inspections.find((run) => isOfThese(run) && open.includes(run.state)) ?? null
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
