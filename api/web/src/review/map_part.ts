/** The map of a finished inspection with all that is around it: what it shows, tools, a legend. */

import { el, fill } from '../dom'
import type { LayerName } from '../map/pictures'
import type { TilesMap } from '../map/tiles_map'
import type { Inspection } from '../service/answers'
import { history, outline } from '../service/permits'
import type { Document } from '../service/reviews'
import { say } from '../wording'
import { MapLegend } from './map_legend'
import { MapLooks } from './map_looks'
import { mapTools } from './map_tools'

export interface Look {
  map: TilesMap
  legend: MapLegend
  /** The other flight in the place of the one that is shown. */
  blink: () => void
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
  const { TilesMap } = await import('../map/tiles_map')
  if (left.aborted) return null
  const hasEarlier = done.baseline_id !== null
  const names: LayerName[] = hasEarlier ? ['current', 'baseline', 'change'] : ['current']
  const canvas = el('div', {
    class: 'map',
    role: 'application',
    tabindex: 0,
    'aria-label': say('map.label'),
  })
  const bar = el('div', { class: 'mapbar' })
  const legend = new MapLegend(document)
  fill(place, bar, canvas, legend.body)
  const map = new TilesMap(canvas, done.id, names, {
    boundary,
    ringMetres: document?.parameters.clip.ring_m ?? null,
    unseen: document?.coverage.not_observed.map((one) => one.vertices) ?? [],
  })
  left.addEventListener('abort', () => map.end(), { once: true })
  const looks = new MapLooks(map, hasEarlier)
  canvas.append(looks.divider, looks.panel)
  fill(bar, looks.buttons, mapTools(map, place))
  return { map, legend, blink: () => looks.blink() }
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
