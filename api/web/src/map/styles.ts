/** How things are drawn: each by its line as well as by its colour. */

import type { Coordinate } from 'ol/coordinate.js'
import type { SimpleGeometry } from 'ol/geom.js'
import { getPointResolution } from 'ol/proj.js'
import type { State } from 'ol/render.js'
import { Fill, Stroke, Style } from 'ol/style.js'
import { hatch, zebra } from './hatch'

const RING_PX = 3

/** The permit: a firm line with a light edge, to be seen on dark and on bright ground. */
export function groundStyle(): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: '#ffffff', width: 5 }) }),
    new Style({ stroke: new Stroke({ color: '#0b4f59', width: 2.5 }) }),
  ]
}

/** An image: filled, with a broken line around it. */
export function pictureStyle(): Style {
  return new Style({
    stroke: new Stroke({ color: '#8a5a00', width: 2, lineDash: [6, 4] }),
    fill: new Fill({ color: 'rgba(242, 184, 75, 0.35)' }),
  })
}

/** Ground that was not observed: hatched, and a thin line around it. */
export function unseenStyle(): Style[] {
  return [
    new Style({ fill: new Fill({ color: hatch() }) }),
    new Style({ stroke: new Stroke({ color: '#ffffff', width: 2.5 }) }),
    new Style({ stroke: new Stroke({ color: '#10201f', width: 1 }) }),
  ]
}

/**
 * The rim of a ring of that many metres around the permit, as a line of dark and light in turn.
 *
 * It is drawn as a stroke that reaches a little farther than the ring, less one that reaches a
 * little less far, less the permit itself. The layer needs a canvas of its own.
 */
export function ringStyle(metres: number): Style {
  const pattern = zebra()
  const renderer = (places: Coordinate | Coordinate[] | Coordinate[][], state: State) => {
    const pen = state.context
    const reach = (2 * metres * state.pixelRatio) / groundResolution(state)
    const line = RING_PX * state.pixelRatio
    pen.save()
    pen.beginPath()
    trace(pen, places)
    pen.lineJoin = 'round'
    pen.lineWidth = reach + line
    pen.strokeStyle = pattern
    pen.stroke()
    pen.globalCompositeOperation = 'destination-out'
    pen.lineWidth = reach - line
    pen.strokeStyle = pen.fillStyle = '#000000'
    pen.stroke()
    pen.fill('evenodd')
    pen.restore()
  }
  return new Style({ renderer: renderer as never })
}

/** Metres on the ground that a pixel shows, where the shape lies. */
function groundResolution({ geometry, resolution }: State): number {
  const [west = 0, south = 0, east = 0, north = 0] = (geometry as SimpleGeometry).getExtent()
  return getPointResolution('EPSG:3857', resolution, [(west + east) / 2, (south + north) / 2], 'm')
}

type Nested = Coordinate | Nested[]

function trace(pen: CanvasRenderingContext2D, places: Nested): void {
  const isLine = typeof (places as number[][])[0]?.[0] === 'number'
  if (!isLine) {
    for (const part of places as Nested[]) trace(pen, part)
    return
  }
  for (const [place, [x = 0, y = 0]] of (places as number[][]).entries())
    if (place === 0) pen.moveTo(x, y)
    else pen.lineTo(x, y)
  pen.closePath()
}
