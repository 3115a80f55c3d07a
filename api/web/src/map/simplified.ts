/** Outlines with fewer corners: no line leaves the old one by more than a tolerance in metres. */

import { LineString } from 'ol/geom.js'
import { toLonLat } from 'ol/proj.js'
import { type Drawn, LEAST_CORNERS, places, ringsOf } from './corners'
import { ringSize } from './geodesy'

export interface Simplified {
  drawn: Drawn
  before: Size
  after: Size
}

interface Size {
  corners: number
  squareMetres: number
}

/** By the rule of Douglas and Peucker, ring by ring; a ring that would vanish stays as it is. */
export function simplified(drawn: Drawn, toleranceM: number): Simplified {
  const closed = drawn.closed.map((part) =>
    part.map((ring) => {
      const [, latitude = 0] = toLonLat(ring[0] ?? [0, 0])
      // A metre of ground is drawn longer, the farther from the equator.
      const tolerance = toleranceM / Math.cos((latitude * Math.PI) / 180)
      const fewer = new LineString(ring).simplify(tolerance) as LineString
      const corners = fewer.getCoordinates()
      return corners.length > LEAST_CORNERS ? corners : ring
    }),
  )
  const after = { open: null, closed }
  return { drawn: after, before: sizeOf(drawn), after: sizeOf(after) }
}

/** On the ellipsoid; holes are no part of it. */
function sizeOf(drawn: Drawn): Size {
  const parts = ringsOf(drawn) ?? []
  const areas = parts.map((rings) => rings.map((ring) => ringSize(ring.slice(0, -1)).area))
  const squareMetres = areas.reduce(
    (sum, [outer = 0, ...holes]) => sum + outer - holes.reduce((all, one) => all + one, 0),
    0,
  )
  return { corners: places(drawn).length, squareMetres }
}
