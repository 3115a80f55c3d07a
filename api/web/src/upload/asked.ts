/** The inspection that files make, each by its part in it. */

import type { DraftFile, FileRole } from './draft'

/** What is asked of the service, once all files are there. */
export function inspectionOf(permit: string, files: DraftFile[]): object {
  const upload = (role: FileRole) => {
    const url = files.find((one) => one.role === role)?.url
    return url ? url.split('/').at(-1) : undefined
  }
  const baseline = upload('baseline')
  return {
    permit_id: permit,
    current: {
      orthophoto: upload('orthophoto'),
      dsm: upload('dsm'),
      control_points: upload('control_points'),
      flight_log: upload('flight_log'),
    },
    baseline: baseline && {
      orthophoto: baseline,
      dsm: upload('baseline_dsm'),
      flight_log: upload('baseline_flight_log'),
    },
  }
}
