/** A small map of what a flight showed of its permit: the rest is hatched and bears its number. */

import { ScaleLine, Zoom } from 'ol/control.js'
import { extend } from 'ol/extent.js'
import Feature from 'ol/Feature.js'
import Point from 'ol/geom/Point.js'
import { DragPan, KeyboardPan } from 'ol/interaction.js'
import VectorLayer from 'ol/layer/Vector.js'
import OlMap from 'ol/Map.js'
import { fromLonLat } from 'ol/proj.js'
import VectorSource from 'ol/source/Vector.js'
import { Fill, Stroke, Style, Text } from 'ol/style.js'
import View from 'ol/View.js'
import type { Gaps } from '../service/coverage'
import { say } from '../wording'
import { groundFeatures, shapeOf } from './ground'
import { groundStyle, unseenStyle } from './styles'
import 'ol/ol.css'
import '../styles/map.css'

/** More numbers than these would hide what they name. */
const MOST_NUMBERS = 30
/** Beside the buttons, above the scale. */
const PADDING = [20, 20, 32, 60]
const DEEPEST = 20

export function drawCoverage(place: HTMLElement, boundary: object, gaps: Gaps, left: AbortSignal) {
  const permit = new VectorSource({ features: groundFeatures(boundary) })
  for (const one of permit.getFeatures()) one.setStyle([seenStyle(), ...groundStyle()])
  const hidden = new VectorSource({
    features: gaps.features.map(({ geometry }) => new Feature(shapeOf(geometry.coordinates))),
  })
  const numbers = new VectorSource({
    features: gaps.features.slice(0, MOST_NUMBERS).map(({ properties: one }) => {
      const feature = new Feature(new Point(fromLonLat([one.longitude, one.latitude])))
      feature.setStyle(numberStyle(one.code, one.area_ha))
      return feature
    }),
  })
  const outlines = new VectorSource({ features: groundFeatures(boundary) })
  const map = new OlMap({
    target: place,
    controls: [
      new ScaleLine(),
      new Zoom({ zoomInTipLabel: say('map.zoom_in'), zoomOutTipLabel: say('map.zoom_out') }),
    ],
    interactions: [new DragPan(), new KeyboardPan()],
    view: new View({ maxZoom: 22 }),
    layers: [
      new VectorLayer({ source: permit }),
      new VectorLayer({ source: hidden, style: unseenStyle() }),
      new VectorLayer({ source: outlines }),
      new VectorLayer({ source: numbers, declutter: true }),
    ],
  })
  left.addEventListener('abort', () => map.setTarget(undefined), { once: true })
  map.once('rendercomplete', () => place.setAttribute('aria-busy', 'false'))
  const extent = permit.getExtent()
  const gapped = hidden.getExtent()
  // All that the list names is on it, the gaps in the ring around the permit too.
  if (extent !== null && gapped !== null && gaps.features.length > 0) extend(extent, gapped)
  if (extent === null) return
  const fit = () => map.getView().fit(extent, { padding: PADDING, maxZoom: DEEPEST })
  fit()
  // What stands around it takes its place later; who has moved the map keeps what they see.
  map.on('change:size', fit)
  for (const touch of ['pointerdown', 'keydown'])
    place.addEventListener(touch, () => map.un('change:size', fit), { once: true, capture: true })
}

/** Ground that was seen: filled, and plain; of the colour of its sample on bright and dark pages. */
function seenStyle(): Style {
  return new Style({ fill: new Fill({ color: '#9cc9a6' }) })
}

/** Where two would lie on each other, the larger gap keeps its number. */
function numberStyle(code: string, zIndex: number): Style {
  return new Style({
    zIndex,
    text: new Text({
      text: code,
      font: '600 13px system-ui, sans-serif',
      fill: new Fill({ color: '#10201f' }),
      backgroundFill: new Fill({ color: '#ffffff' }),
      backgroundStroke: new Stroke({ color: '#10201f', width: 1 }),
      padding: [2, 4, 1, 4],
    }),
  })
}
