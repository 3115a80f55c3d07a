/** Lengths and areas on the ellipsoid (WGS 84), between places in longitude and latitude. */

import { Geodesic } from 'geographiclib-geodesic'

type Places = readonly number[][]

/** Metres along a path. */
export function pathLength(path: Places): number {
  return measured(path, true).perimeter
}

/** Metres from a place to a box of degrees around others; 0 within it. */
export function metresToBox([longitude = 0, latitude = 0]: number[], around: Places): number {
  const near = (axis: number, value: number) => {
    const all = around.map((one) => one[axis] ?? 0)
    return Math.min(Math.max(value, Math.min(...all)), Math.max(...all))
  }
  return pathLength([
    [longitude, latitude],
    [near(0, longitude), near(1, latitude)],
  ])
}

/** Metres around a ring and square metres within; its first place is not repeated at its end. */
export function ringSize(ring: Places): { perimeter: number; area: number } {
  const { perimeter, area = Number.NaN } = measured(ring, false)
  return { perimeter, area: Math.abs(area) }
}

function measured(places: Places, isPath: boolean) {
  const figure = Geodesic.WGS84.Polygon(isPath)
  for (const [longitude = 0, latitude = 0] of places) figure.AddPoint(latitude, longitude)
  return figure.Compute(false, true)
}

/** Whether two sides of a ring cross: it then bounds no area. */
export function crossesItself(ring: Places): boolean {
  const sides = ring.map((from, place) => [from, ring[(place + 1) % ring.length] ?? from] as const)
  return sides.some(([a, b], one) =>
    sides.some(([c, d], other) => {
      const isNext = Math.abs(one - other) <= 1 || Math.abs(one - other) === sides.length - 1
      return !isNext && turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0
    }),
  )
}

/** On which side of a line from one place to another a third lies. */
function turn([ax = 0, ay = 0]: number[], [bx = 0, by = 0]: number[], [x = 0, y = 0]: number[]) {
  return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax))
}
