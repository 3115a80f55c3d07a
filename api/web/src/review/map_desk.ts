/** A map with all that is around it, on whatever page: what it shows, tools, coordinates. */

import { el, fill } from '../dom'
import type { Ground } from '../map/ground_layers'
import type { From, LayerName } from '../map/pictures'
import type { TilesMap } from '../map/tiles_map'
import { say } from '../wording'
import { MapLooks } from './map_looks'
import { MapTools, mapViews } from './map_tools'

export const MAP_KEYS = ['b', 'l', 'm', 'h', 'c'] as const
export type MapKey = (typeof MAP_KEYS)[number]

export interface MapDesk {
  map: TilesMap
  /** What keys do on it. */
  keys: Record<MapKey, () => void | Promise<void>>
}

export interface MapAsked {
  label: string
  from: From
  names: readonly LayerName[]
  ground: Ground
  /** How many metres of ground a pixel of the finest picture shows; null: unknown. */
  finest: number | null
  /** What the lenses of the loupe show, and are called. */
  captions: Partial<Record<LayerName, string>>
}

/** Null where the page was left before there was anything to draw with. */
export async function mapDesk(
  place: HTMLElement,
  { label, from, names, ground, finest, captions }: MapAsked,
  left: AbortSignal,
): Promise<MapDesk | null> {
  // All that draws or measures comes with the map, and only with it.
  const { Loupe, MapMeasure, MapReadout, TilesMap, Whereabouts } = await import('./map_kit')
  if (left.aborted) return null
  const canvas = el('div', {
    class: 'map',
    role: 'application',
    tabindex: 0,
    'aria-label': label,
    'aria-description': say('map.by_keys'),
  })
  const bar = el('div', { class: 'mapbar' })
  place.classList.add('ground')
  fill(place, bar, canvas)
  const map = new TilesMap(canvas, from, names, ground, finest)
  const where = new Whereabouts(map)
  const looks = new MapLooks(map, names)
  const readout = new MapReadout(where, canvas)
  const measure = new MapMeasure(map)
  const loupe = new Loupe(map, where, captions, finest)
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
  place.append(readout.body)
  left.addEventListener('abort', () => [map, loupe].map((one) => one.end()), { once: true })
  const keys = { b: () => looks.blink(), c: () => readout.copy() }
  return { map, keys: { ...keys, l: acts.loupe, m: acts.length, h: acts.area } }
}
