/** Outlines as they are drawn: rings of corners on the plane of web maps, each change a new one. */

import type { Coordinate } from 'ol/coordinate.js'
import { LineString, MultiPolygon, Polygon } from 'ol/geom.js'
import { fromLonLat, toLonLat } from 'ol/proj.js'
import type { Rings } from '../service/reviews'
import { crossesItself } from './geodesy'

/** Not closed yet, or closed: then each ring ends with its first corner, as maps want it. */
export interface Drawn {
  readonly open: Coordinate[] | null
  readonly closed: Coordinate[][][]
}

/** Which corner: of which part, of which of its rings, the how manieth. */
export type At = readonly [part: number, ring: number, corner: number]

export const LEAST_CORNERS = 3
/** Of a degree; finer than a millimetre. */
const DIGITS = 9

export function begun(rings: Rings | null): Drawn {
  if (rings === null) return { open: [], closed: [] }
  return {
    open: null,
    closed: rings.map((part) => part.map((ring) => ring.map((one) => fromLonLat(one)))),
  }
}

/** In degrees, as the service takes them; null until the outline is closed. */
export function ringsOf(drawn: Drawn): Rings | null {
  if (drawn.open !== null) return null
  return drawn.closed.map((part) => part.map((ring) => ring.map(degrees)))
}

/** With more corners than this the service alone looks: every side is held against every other. */
const MOST_LOOKED_AT = 2000

/** Whether a ring of a closed outline crosses itself: it then bounds no area. */
export function crosses({ open, closed }: Drawn): boolean {
  return (
    open === null &&
    closed.flat().some((ring) => ring.length <= MOST_LOOKED_AT && crossesItself(ring.slice(0, -1)))
  )
}

export function places(drawn: Drawn): At[] {
  if (drawn.open !== null) return drawn.open.map((_, corner) => [0, 0, corner] as const)
  return drawn.closed.flatMap((part, p) =>
    part.flatMap((ring, r) => ring.slice(1).map((_, corner) => [p, r, corner] as const)),
  )
}

export function cornerAt(drawn: Drawn, [part, ring, corner]: At): Coordinate | undefined {
  return drawn.open !== null ? drawn.open[corner] : drawn.closed[part]?.[ring]?.[corner]
}

/** Which corner lies nearest to a point of the screen, of those not farther than that. */
export function nearest(
  drawn: Drawn,
  [x = 0, y = 0]: number[],
  reach: number,
  pixelOf: (corner: Coordinate) => number[] | null,
): number | null {
  let best: number | null = null
  let least = reach
  for (const [place, at] of places(drawn).entries()) {
    const corner = cornerAt(drawn, at)
    const [right = 0, down = 0] = (corner && pixelOf(corner)) ?? [Infinity]
    const far = Math.hypot(right - x, down - y)
    if (far < least) [best, least] = [place, far]
  }
  return best
}

export function appended(drawn: Drawn, corner: Coordinate): Drawn {
  return { ...drawn, open: [...(drawn.open ?? []), corner] }
}

/** Null where there are too few corners. */
export function closed({ open }: Drawn): Drawn | null {
  const first = open?.[0]
  if (open === null || first === undefined || open.length < LEAST_CORNERS) return null
  return { open: null, closed: [[[...open, first]]] }
}

export function moved(drawn: Drawn, at: At, to: Coordinate): Drawn {
  return changed(drawn, at, (corners, corner) => corners.with(corner, to))
}

/** Another corner behind that one. */
export function inserted(drawn: Drawn, at: At, to: Coordinate): Drawn {
  return changed(drawn, at, (corners, corner) => corners.toSpliced(corner + 1, 0, to))
}

/** Null where the ring would be none any more. */
export function removed(drawn: Drawn, at: At): Drawn | null {
  const corners = drawn.open ?? drawn.closed[at[0]]?.[at[1]] ?? []
  if (drawn.open === null && corners.length - 1 <= LEAST_CORNERS) return null
  return changed(drawn, at, (ring, corner) => ring.toSpliced(corner, 1))
}

/** As the map draws it: what is not closed yet is closed by a line that is no side so far. */
export function geometryOf({ open, closed }: Drawn): MultiPolygon | Polygon | LineString {
  if (open === null) return new MultiPolygon(closed)
  return open.length < LEAST_CORNERS
    ? new LineString(open)
    : new Polygon([[...open, ...open.slice(0, 1)]])
}

function changed(
  drawn: Drawn,
  [part, ring, corner]: At,
  act: (corners: Coordinate[], corner: number) => Coordinate[],
): Drawn {
  if (drawn.open !== null) return { ...drawn, open: act(drawn.open, corner) }
  const parts = drawn.closed.map((rings, p) =>
    rings.map((corners, r) => {
      if (p !== part || r !== ring) return corners
      const free = act(corners.slice(0, -1), corner)
      return [...free, free[0] as Coordinate]
    }),
  )
  return { open: null, closed: parts }
}

function degrees(corner: Coordinate): number[] {
  return toLonLat(corner).map((value) => Number(value.toFixed(DIGITS)))
}
