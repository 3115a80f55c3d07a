/**
 * Places as people write them: degrees, minutes and seconds as the official coordinate tables have
 * them (longitude first), and metres in a zone of UTM.
 */

import { language, locale } from '../wording'
import { fromUtm, utmOf, ZONES } from './utm'

/** Longitude and latitude. */
export type Place = readonly [number, number]

const HEMISPHERES = { id: ['BT', 'BB', 'LU', 'LS'], en: ['E', 'W', 'N', 'S'] }
const METRES = { id: ['mT', 'mU'], en: ['m E', 'm N'] }
const SECONDS = 3600
/** Of the second: about 3 cm. */
const DIGITS = 3
const THOUSAND = 10 ** DIGITS

export function inDegrees([longitude, latitude]: Place): string {
  const [east = '', west = '', north = '', south = ''] = HEMISPHERES[language()]
  return `${angle(longitude, east, west)}  ${angle(latitude, north, south)}`
}

export function inMetres(place: Place): string {
  const { zone, isNorth, east, north } = utmOf(place)
  const [easting, northing] = METRES[language()]
  return `UTM ${zone}${isNorth ? 'N' : 'S'}  ${metres(east)} ${easting}  ${metres(north)} ${northing}`
}

/** Rounded once and carried over: never 60 minutes or seconds. */
function angle(degrees: number, positive: string, negative: string): string {
  const whole = Math.round(Math.abs(degrees) * SECONDS * THOUSAND)
  const seconds = Math.floor(whole / THOUSAND)
  const two = (value: number) => String(value).padStart(2, '0')
  const rest = String(whole % THOUSAND).padStart(DIGITS, '0')
  const sign = language() === 'id' ? ',' : '.'
  const minutes = two(Math.floor((seconds % SECONDS) / 60))
  return `${Math.floor(seconds / SECONDS)}°${minutes}′${two(seconds % 60)}${sign}${rest}″ ${
    degrees < 0 && whole > 0 ? negative : positive
  }`
}

/** Not grouped: a dot among them could be read as a decimal sign. */
function metres(value: number): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: false }
  return new Intl.NumberFormat(locale(), digits).format(value)
}

const NUMBER = String.raw`(\d+(?:[.,]\d+)?)`
const ANGLE = String.raw`([-−])?${NUMBER}(?:\s*°\s*(?:${NUMBER}\s*'\s*(?:${NUMBER}\s*")?)?)?\s*(BT|BB|LU|LS|[EWNS])?`
/** A comma alone parts numbers only where it is no decimal sign. */
const BETWEEN = String.raw`(?:\s*;\s*|,?\s+|(?<=\.\d+),(?=[-−]?\d+\.))`
const TWO_ANGLES = new RegExp(`^${ANGLE}${BETWEEN}${ANGLE}$`)
const UTM = new RegExp(
  String.raw`^(?:UTM\s*)?(\d{1,2})\s*([NS])[\s,;]+${NUMBER}(?:\s*M?\s*[ET]|\s*M)?[\s,;]+${NUMBER}(?:\s*M?\s*[NU]|\s*M)?$`,
)
const EAST_WEST = ['BT', 'BB', 'E', 'W']
const NEGATIVE = ['BB', 'LS', 'W', 'S']
const POLE = 90
const HALF_TURN = 180

/**
 * Reads a place that somebody typed; null where it is none, or could be two.
 *
 * Two numbers without hemispheres are latitude and longitude in either order only where one of them
 * cannot be a latitude.
 */
export function read(text: string): Place | null {
  const plain = text
    .trim()
    .toUpperCase()
    .replace(/[′’‘]/g, "'")
    .replace(/[″”“]|''/g, '"')
    .replace(/º/g, '°')
  const utm = UTM.exec(plain)
  if (utm !== null) return readUtm(utm)
  const found = TWO_ANGLES.exec(plain)
  if (found === null) return null
  const one = readAngle(found.slice(1, 6))
  const other = readAngle(found.slice(6, 11))
  if (one === null || other === null) return null
  if (one.isEastWest === null && other.isEastWest === null) {
    if (Math.abs(one.value) > POLE) one.isEastWest = true
    else if (Math.abs(other.value) > POLE) one.isEastWest = false
    else return null
    other.isEastWest = !one.isEastWest
  }
  if (one.isEastWest === null || other.isEastWest === null) return null
  if (one.isEastWest === other.isEastWest) return null
  return checked(one.isEastWest ? [one.value, other.value] : [other.value, one.value])
}

function readUtm([, zone, half, east, north]: string[]): Place | null {
  if (Number(zone) < 1 || Number(zone) > ZONES) return null
  return checked(
    fromUtm({
      zone: Number(zone),
      isNorth: half === 'N',
      east: figure(east),
      north: figure(north),
    }),
  )
}

function readAngle([sign, degrees, minutes, seconds, hemisphere]: (string | undefined)[]): {
  value: number
  isEastWest: boolean | null
} | null {
  const parts = [figure(degrees), figure(minutes), figure(seconds)]
  const [whole = 0, sixtieths = 0, rest = 0] = parts
  if (sixtieths >= 60 || rest >= 60) return null
  if (sign && hemisphere) return null
  const isNegative = Boolean(sign) || NEGATIVE.includes(hemisphere ?? '')
  const value = whole + sixtieths / 60 + rest / SECONDS
  const isEastWest = hemisphere ? EAST_WEST.includes(hemisphere) : null
  return { value: isNegative ? -value : value, isEastWest }
}

function figure(text: string | undefined): number {
  return Number((text ?? '0').replace(',', '.'))
}

function checked([longitude, latitude]: Place): Place | null {
  const isThere = Math.abs(longitude) <= HALF_TURN && Math.abs(latitude) < POLE
  return isThere ? [longitude, latitude] : null
}
