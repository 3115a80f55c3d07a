/** Places in zones of UTM on WGS 84, and back. */

import { makeProjection, makeTransforms } from 'ol/proj/utm.js'

export interface UtmPlace {
  zone: number
  isNorth: boolean
  /** In metres, with the false easting and northing. */
  east: number
  north: number
}

const ZONE_DEGREES = 6
export const ZONES = 60

/** In the zone that the place lies in: never one for a whole country, nor for a whole permit. */
export function utmOf([longitude, latitude]: readonly [number, number]): UtmPlace {
  const zone = Math.min(Math.floor((longitude + 180) / ZONE_DEGREES) + 1, ZONES)
  const isNorth = latitude >= 0
  const [east = Number.NaN, north = Number.NaN] = transforms(zone, isNorth).forward(
    [longitude, latitude],
    undefined,
    2,
  )
  return { zone, isNorth, east, north }
}

/** Longitude and latitude. */
export function fromUtm({ zone, isNorth, east, north }: UtmPlace): [number, number] {
  const { forward, inverse } = transforms(zone, isNorth)
  // The way back is good to a centimetre only: by what the way there misses it, it is put right.
  const near = inverse([east, north], undefined, 2)
  const [x = 0, y = 0] = forward([...near], undefined, 2)
  const [longitude = 0, latitude = 0] = inverse([2 * east - x, 2 * north - y], undefined, 2)
  return [longitude, latitude]
}

function transforms(zone: number, isNorth: boolean) {
  const code = `EPSG:${isNorth ? 326 : 327}${String(zone).padStart(2, '0')}`
  const projection = makeProjection(code)
  const made = projection && makeTransforms(projection)
  if (!made) throw new Error(`there is no zone ${zone}`)
  return made
}
