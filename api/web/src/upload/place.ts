/** Longitude and latitude of what a header says, for the systems that are used in the field. */

import { makeProjection, makeTransforms } from 'ol/proj/utm.js'
import type { Box } from '../service/answers'
import type { Header } from './geotiff'

/** WGS 84, SRGI2013, DGN95: to within metres the same, which is enough for a first look. */
const GEOGRAPHIC = [4326, 4979, 9470, 4755]
const METRES_PER_DEGREE = 111_320
/** Zones of UTM by their codes: the first code, the first and the last zone, and the hemisphere. */
const ZONES = [
  { code: 32601, first: 1, last: 60, north: true },
  { code: 32701, first: 1, last: 60, north: false },
  { code: 9476, first: 46, last: 52, north: true },
  { code: 9487, first: 47, last: 54, north: false },
  { code: 23866, first: 46, last: 52, north: true },
  { code: 23877, first: 47, last: 54, north: false },
]

export type Outline = [number, number][]

/** Corners in degrees; null where the place is not stated in a system that is known here. */
export function outlineOf(header: Header): Outline | null {
  if (header.corners === null || header.epsg === null) return null
  if (header.isGeographic) return GEOGRAPHIC.includes(header.epsg) ? header.corners : null
  const code = utmOf(header.epsg)
  const projection = code && makeProjection(code)
  const transforms = projection && makeTransforms(projection)
  if (!transforms) return null
  return header.corners.map((corner) => {
    const [longitude = Number.NaN, latitude = Number.NaN] = transforms.inverse(corner, undefined, 2)
    return [longitude, latitude]
  })
}

/** Metres on the ground that one pixel shows; null where the system's unit is not known here. */
export function pixelSize(header: Header): number | null {
  const outline = outlineOf(header)
  if (header.pixel === null || outline === null) return null
  const [width, height] = header.pixel
  if (!header.isGeographic) return Math.sqrt(width * height)
  const latitude = outline[0]?.[1] ?? 0
  return Math.sqrt(width * height * Math.cos((latitude * Math.PI) / 180)) * METRES_PER_DEGREE
}

export function boxOf(outline: Outline): Box {
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)]
  return {
    west: Math.min(...xs),
    south: Math.min(...ys),
    east: Math.max(...xs),
    north: Math.max(...ys),
  }
}

/** Metres between two boxes; 0 where they meet. */
export function gap(one: Box, other: Box): number {
  const latitude = ((one.south + one.north) / 2) * (Math.PI / 180)
  const x = Math.max(one.west - other.east, other.west - one.east, 0) * Math.cos(latitude)
  const y = Math.max(one.south - other.north, other.south - one.north, 0)
  return Math.hypot(x, y) * METRES_PER_DEGREE
}

/** How much of a box the other one covers, from 0 to 1. */
export function cover(box: Box, other: Box): number {
  const width = Math.min(box.east, other.east) - Math.max(box.west, other.west)
  const height = Math.min(box.north, other.north) - Math.max(box.south, other.south)
  const whole = (box.east - box.west) * (box.north - box.south)
  return whole > 0 ? (Math.max(0, width) * Math.max(0, height)) / whole : 0
}

function utmOf(epsg: number): string | null {
  for (const { code, first, last, north } of ZONES) {
    const zone = first + epsg - code
    if (epsg >= code && zone <= last)
      return `EPSG:${north ? 326 : 327}${String(zone).padStart(2, '0')}`
  }
  return null
}
