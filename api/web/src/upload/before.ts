/** Whether these very files were inspected before: a second time is asked for on purpose, or not at all. */

import { type Flight, type PastInspection, recordOf } from '../service/record'
import type { DraftFile, FileRole } from './draft'

const CURRENT: FileRole[] = ['orthophoto', 'dsm', 'control_points', 'flight_log']
const BASELINE: FileRole[] = ['baseline', 'baseline_dsm', 'baseline_flight_log']
/** What ended so gave no result: to ask again is right. */
const FRUITLESS = ['failed', 'quarantined', 'cancelled']

/** The newest inspection of the same files, held by their hashes; null where there is none. */
export async function inspectedBefore(
  permit: string,
  files: DraftFile[],
): Promise<PastInspection | null> {
  const { flights, inspections } = await recordOf(permit, new AbortController().signal)
  const [now, then] = [hashes(files, CURRENT), hashes(files, BASELINE)]
  const isOf = (id: string | null, sent: string) =>
    id === null ? sent === '' : flights.some((one) => one.id === id && hashesOf(one) === sent)
  const same = inspections.filter(
    (one) =>
      !FRUITLESS.includes(one.state) && isOf(one.current_id, now) && isOf(one.baseline_id, then),
  )
  return same.reduce<PastInspection | null>(
    (last, one) => (last === null || one.created_at > last.created_at ? one : last),
    null,
  )
}

function hashes(files: DraftFile[], roles: FileRole[]): string {
  const found = roles.map((role) => files.find((one) => one.role === role)?.sha256 ?? null)
  return sorted(found)
}

function hashesOf(flight: Flight): string {
  return sorted([flight.sha256, ...Object.values(flight.files).map(String)])
}

function sorted(found: (string | null)[]): string {
  return found
    .filter((one) => one !== null)
    .sort()
    .join(' ')
}
