/** Outlines as text: a corner a line, or GeoJSON; what cannot be read is told, never guessed. */

import type { Rings } from '../service/reviews'

type Why =
  /** A line that is no corner. */
  | { kind: 'line'; line: number }
  /** GeoJSON that has no outline. */
  | { kind: 'geojson' }
  | { kind: 'few'; count: number }
  /** No place on earth, or one too far from the permit; in a line, or of GeoJSON the how manieth. */
  | { kind: 'degrees'; at: At }
  | { kind: 'far'; at: At; metres: number }

export interface At {
  line: number | null
  corner: number
}

export class Unreadable extends Error {
  constructor(readonly why: Why) {
    super(`unreadable: ${why.kind}`)
  }
}

/** How far from the permit a place lies; null where it is near enough to be looked at. */
export type TooFar = (place: number[]) => number | null

const LEAST = 3
const MOST_DEGREES = [180, 90]

/** Longitude and latitude of each corner; of an outline of several rings, GeoJSON. */
export function written(rings: Rings): string {
  const [part, ...others] = rings
  const [ring, ...holes] = part ?? []
  if (ring === undefined || others.length > 0 || holes.length > 0)
    return JSON.stringify({ type: 'MultiPolygon', coordinates: rings })
  return ring
    .slice(0, -1)
    .map((corner) => corner.join(' '))
    .join('\n')
}

export function read(text: string, tooFar: TooFar): Rings {
  if (text.trimStart().startsWith('{')) {
    const rings = ofGeoJson(text)
    for (const [place, corner] of rings.flat(2).entries())
      check(corner, { line: null, corner: place + 1 }, tooFar)
    return rings
  }
  const corners: number[][] = []
  for (const [place, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const corner = ofLine(line)
    if (corner === null) throw new Unreadable({ kind: 'line', line: place + 1 })
    check(corner, { line: place + 1, corner: corners.length + 1 }, tooFar)
    corners.push(corner)
  }
  const [first] = corners
  const last = corners.at(-1)
  if (first === undefined || last === undefined || corners.length < LEAST)
    throw new Unreadable({ kind: 'few', count: corners.length })
  const isClosed = corners.length > LEAST && first.every((value, axis) => value === last[axis])
  return [[isClosed ? corners : [...corners, first]]]
}

/** What is no degrees makes no map, and of what lies beyond the ground nobody can say anything. */
function check(corner: number[], at: At, tooFar: TooFar): void {
  if (corner.some((value, axis) => Math.abs(value) > (MOST_DEGREES[axis] ?? 0)))
    throw new Unreadable({ kind: 'degrees', at })
  const metres = tooFar(corner)
  if (metres !== null) throw new Unreadable({ kind: 'far', at, metres })
}

/** Two numbers, apart by a space, a semicolon or a comma; a comma within is a decimal one. */
function ofLine(line: string): number[] | null {
  const apart = line.trim().split(/\s*[;\t]\s*|\s*,\s+|\s+/)
  const parts = apart.length === 1 ? line.trim().split(',') : apart
  const numbers = parts.map((part) =>
    /^[+-]?\d+([.,]\d+)?$/.test(part) ? Number(part.replace(',', '.')) : Number.NaN,
  )
  return numbers.length === 2 && numbers.every(Number.isFinite) ? numbers : null
}

function ofGeoJson(text: string): Rings {
  const found = geometryIn(parsed(text))
  if (found?.type === 'Polygon' && isDeep(found.coordinates, 3))
    return [found.coordinates as Rings[0]]
  if (found?.type === 'MultiPolygon' && isDeep(found.coordinates, 4))
    return found.coordinates as Rings
  throw new Unreadable({ kind: 'geojson' })
}

interface Given {
  type?: unknown
  coordinates?: unknown
  geometry?: unknown
  features?: unknown
}

function parsed(text: string): Given | null {
  try {
    return JSON.parse(text) as Given
  } catch {
    throw new Unreadable({ kind: 'geojson' })
  }
}

/** The geometry itself, that of a feature, or of the only feature there is. */
function geometryIn(given: Given | null): Given | null {
  if (given?.type === 'Feature') return given.geometry as Given | null
  if (given?.type !== 'FeatureCollection' || !Array.isArray(given.features)) return given
  return given.features.length === 1 ? geometryIn(given.features[0] as Given) : null
}

/** Whether these are lists in lists so deep, of two numbers each in the end. */
function isDeep(given: unknown, depth: number): boolean {
  if (!Array.isArray(given) || given.length === 0) return false
  if (depth > 1) return given.every((one) => isDeep(one, depth - 1))
  return given.length === 2 && given.every(Number.isFinite)
}
