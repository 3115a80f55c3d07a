/** The map of a finished inspection with all that is around it: what it shows, tools, a legend. */

import { el, fill } from '../dom'
import { day } from '../format'
import type { Original } from '../map/original'
import type { LayerName } from '../map/pictures'
import type { TilesMap } from '../map/tiles_map'
import type { Inspection } from '../service/answers'
import { history, outline } from '../service/permits'
import type { Document } from '../service/reviews'
import { say } from '../wording'
import { MapLegend } from './map_legend'
import { MapLooks } from './map_looks'
import { MapTools, mapViews } from './map_tools'

export const MAP_KEYS = ['b', 'l', 'm', 'h', 'c'] as const
export type MapKey = (typeof MAP_KEYS)[number]

export interface Look {
  map: TilesMap
  legend: MapLegend
  /** How a finding was found whose outline a person drew anew. */
  original: Original
  /** What keys do on it. */
  keys: Record<MapKey, () => void | Promise<void>>
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
  // All that draws or measures comes with the map, and only with it.
  const { Loupe, MapMeasure, MapReadout, Original, TilesMap, Whereabouts } = await import(
    './map_kit'
  )
  if (left.aborted) return null
  const names: LayerName[] = ['current']
  if (done.baseline_id !== null) names.push('baseline')
  // Where two flights could not be compared, an empty layer would look as if nothing had changed.
  if (names.length > 1 && done.is_comparable !== false) names.push('change')
  const canvas = el('div', {
    class: 'map',
    role: 'application',
    tabindex: 0,
    'aria-label': say('map.label'),
    'aria-description': say('map.by_keys'),
  })
  const bar = el('div', { class: 'mapbar' })
  const legend = new MapLegend(document)
  fill(place, bar, canvas)
  const finest = finestOf(document)
  const ground = {
    boundary,
    ringMetres: document?.parameters.clip.ring_m ?? null,
    unseen: document?.coverage.not_observed.map((one) => one.vertices) ?? [],
  }
  const map = new TilesMap(canvas, done.id, names, ground, finest)
  const where = new Whereabouts(map)
  const looks = new MapLooks(map, names)
  const readout = new MapReadout(where, canvas)
  const measure = new MapMeasure(map)
  const loupe = new Loupe(map, where, captions(names, document), finest)
  const acts = {
    loupe: () => {
      loupe.toggle()
      tools.press('loupe', loupe.isOn)
    },
    length: () => measure.toggle('length'),
    area: () => measure.toggle('area'),
  }
  const tools = new MapTools(map, acts)
  canvas.append(mapViews(map, place), looks.divider, looks.panel, measure.body, loupe.body)
  fill(bar, looks.buttons, tools.body)
  place.append(readout.body, legend.body)
  left.addEventListener('abort', () => [map, loupe].map((one) => one.end()), { once: true })
  const keys = { b: () => looks.blink(), c: () => readout.copy() }
  const original = new Original(map)
  return { map, legend, original, keys: { ...keys, l: acts.loupe, m: acts.length, h: acts.area } }
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
    if (names.includes(name)) told[name] = when ? `${words} · ${day(when)}` : words
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
