/** How an outline looks while it is drawn: firm, with a handle at each corner. */

import type { FeatureLike } from 'ol/Feature.js'
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
const CORNER = handle(5, LIGHT)
const PICK = handle(9, PICKED)
/** A cross that lies: here it is wrong. */
const FAULT = [cross(DARK, 7), cross('#ff6f61', 3)]

export function drawnStyle(feature: FeatureLike): Style | Style[] {
  if (feature.get('role') === 'corners') return CORNER
  if (feature.get('role') === 'fault') return FAULT
  return feature.get('role') === 'picked' ? PICK : LINE
}

function handle(radius: number, color: string): Style {
  return new Style({
    image: new Circle({
      radius,
      fill: new Fill({ color }),
      stroke: new Stroke({ color: DARK, width: 2 }),
    }),
  })
}

function cross(color: string, width: number): Style {
  const stroke = new Stroke({ color, width })
  return new Style({
    image: new RegularShape({ points: 4, radius: 12, radius2: 0, angle: Math.PI / 4, stroke }),
  })
}
