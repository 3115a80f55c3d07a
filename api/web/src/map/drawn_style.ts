/** How an outline looks while it is drawn: firm, with a handle at each corner. */

import type { FeatureLike } from 'ol/Feature.js'
import { type LineString, MultiPoint } from 'ol/geom.js'
import { Circle, Fill, RegularShape, Stroke, Style } from 'ol/style.js'

const DARK = '#10201f'
const LIGHT = '#ffffff'
const PICKED = '#ffd400'

const LINE = [
  new Style({ stroke: new Stroke({ color: DARK, width: 6 }) }),
  new Style({
    stroke: new Stroke({ color: LIGHT, width: 3 }),
    fill: new Fill({ color: 'rgb(255 255 255 / 12%)' }),
  }),
]
/** Of a stretch that is drawn anew: the new line with its corners, and the one that it replaces. */
const FRESH = [
  new Style({ stroke: new Stroke({ color: DARK, width: 7 }) }),
  new Style({ stroke: new Stroke({ color: PICKED, width: 4 }) }),
  new Style({
    image: dot(6, PICKED),
    geometry: (feature) => new MultiPoint((feature.getGeometry() as LineString).getCoordinates()),
  }),
]
const GONE = [
  new Style({ stroke: new Stroke({ color: DARK, width: 7 }) }),
  new Style({ stroke: new Stroke({ color: '#ff6f61', width: 4, lineDash: [4, 9] }) }),
]
const CORNER = handle(5, LIGHT)
const PICK = handle(9, PICKED)
/** A cross that lies: here it is wrong. */
const FAULT = [cross(DARK, 7), cross('#ff6f61', 3)]

export function drawnStyle(feature: FeatureLike): Style | Style[] {
  if (feature.get('role') === 'corners') return CORNER
  if (feature.get('role') === 'fault') return FAULT
  if (feature.get('role') === 'fresh') return FRESH
  if (feature.get('role') === 'gone') return GONE
  return feature.get('role') === 'picked' ? PICK : LINE
}

function handle(radius: number, color: string): Style {
  return new Style({ image: dot(radius, color) })
}

function dot(radius: number, color: string): Circle {
  const stroke = new Stroke({ color: DARK, width: 2 })
  return new Circle({ radius, fill: new Fill({ color }), stroke })
}

function cross(color: string, width: number): Style {
  const stroke = new Stroke({ color, width })
  return new Style({
    image: new RegularShape({ points: 4, radius: 12, radius2: 0, angle: Math.PI / 4, stroke }),
  })
}
