/** What a flight showed of its permit, what it left open, and what the inspection warned of. */

import type { Inspection, Listed, UploadUnderWay } from './answers'
import { ask } from './api'
import type { Rings } from './reviews'

export interface Gap {
  code: string
  where: 'permit' | 'ring'
  reason: string
  area_ha: number
  longitude: number
  latitude: number
  /** Size, cause and place in words. */
  description: string
}

export interface Gaps {
  observed_share: number
  not_observed_ha: number
  /** The least that is asked for. */
  least_observed_share: number | null
  features: { properties: Gap; geometry: { coordinates: Rings } }[]
}

export interface Warning {
  code: string
  message: string
  hint: string | null
}

export const FORMS = ['kml', 'gpx', 'geojson'] as const

export function gapsOf(inspection: string, signal: AbortSignal): Promise<Gaps> {
  return ask<Gaps>(`/inspections/${inspection}/not-observed`, { signal })
}

/** Where a browser fetches the gaps as a file. */
export function gapsFile(inspection: string, form: (typeof FORMS)[number], where: string | null) {
  const asked = new URLSearchParams(where === null ? { form } : { form, where })
  return `/api/v1/inspections/${inspection}/not-observed?${asked}`
}

export function warningsOf(inspection: string, signal: AbortSignal): Promise<Warning[]> {
  return ask<Warning[]>(`/inspections/${inspection}/warnings`, { signal })
}

/** The boundary that was inspected, as GeoJSON. */
export function inspectedGround(one: Inspection, signal: AbortSignal): Promise<object> {
  return ask<object>(`/permits/${one.permit_id}/boundaries/${one.boundary_id}`, { signal })
}

/** One's own files that are not whole yet, on whichever device they were begun. */
export async function underWay(signal: AbortSignal): Promise<UploadUnderWay[]> {
  return (await ask<Listed<UploadUnderWay>>('/uploads?size=200', { signal })).items
}
