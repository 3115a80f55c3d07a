/** The map of a finished inspection: what it saw, where it lies, and what the lines on it mean. */

import { day } from '../format'
import type { Original } from '../map/original'
import type { LayerName } from '../map/pictures'
import type { Inspection } from '../service/answers'
import { history, outline } from '../service/permits'
import type { Document } from '../service/reviews'
import { say } from '../wording'
import { type MapDesk, mapDesk } from './map_desk'
import { MapLegend } from './map_legend'

export interface Look extends MapDesk {
  legend: MapLegend
  /** How a finding was found whose outline a person drew anew. */
  original: Original
}

/** Null where the permit has no boundary to show. */
export async function mapPart(
  place: HTMLElement,
  done: Inspection,
  document: Document | null,
  left: AbortSignal,
): Promise<Look | null> {
  const boundary = await boundaryOf(done, document, left)
  if (boundary === null) return null
  const names: LayerName[] = ['current']
  if (done.baseline_id !== null) names.push('baseline')
  // Where two flights could not be compared, an empty layer would look as if nothing had changed.
  if (names.length > 1 && done.is_comparable !== false) names.push('change')
  const ground = {
    boundary,
    ringMetres: document?.parameters.clip.ring_m ?? null,
    unseen: document?.coverage.not_observed.map((one) => one.vertices) ?? [],
  }
  const asked = {
    label: say('map.label'),
    from: done.id,
    names,
    ground,
    finest: finestOf(document),
    captions: captions(names, document),
  }
  const desk = await mapDesk(place, asked, left)
  if (desk === null) return null
  const legend = new MapLegend(document)
  place.append(legend.body)
  const { Original } = await import('./map_kit')
  return { ...desk, legend, original: new Original(desk.map) }
}

/** Metres of ground that a pixel of the finest of the pictures shows. */
function finestOf(document: Document | null): number | null {
  if (document === null) return null
  const { current, baseline } = document.flights
  const sizes = [current, baseline].flatMap((one) => (one === null ? [] : [one.gsd_m]))
  return Math.min(...sizes)
}

/** What the lenses show: the earlier flight on the left, as when one swipes. */
function captions(names: LayerName[], document: Document | null) {
  const told: Partial<Record<LayerName, string>> = {}
  for (const name of ['baseline', 'current'] as const) {
    const when = document?.flights[name]?.captured_at
    const words = say(`map.layer.${name}`)
    if (names.includes(name)) told[name] = when ? `${words} · ${day(when, 'medium')}` : words
  }
  return told
}

/** The one that was inspected; where no report says it, the one in force. */
async function boundaryOf(
  done: Inspection,
  document: Document | null,
  left: AbortSignal,
): Promise<object | null> {
  if (document !== null) return { type: 'MultiPolygon', coordinates: document.boundary.vertices }
  return outline(await history(done.permit_id, left), left)
}
