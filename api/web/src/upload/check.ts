/** A first look at a file before any of it is sent: what it is, and whether it can be right. */

import { bytes, length, number, percent } from '../format'
import type { Box } from '../service/answers'
import { say } from '../wording'
import type { FileRole } from './draft'
import { isFlightLog } from './flight_log'
import { type Header, readHeader } from './geotiff'
import { boxOf, cover, gap, type Outline, outlineOf, pixelSize } from './place'
import { tableKind } from './table'

export interface Remark {
  kind: 'good' | 'doubt' | 'bad' | 'plain'
  text: string
}

export interface Look {
  remarks: Remark[]
  /** Where the image lies, in degrees. */
  outline: Outline | null
  /** Whether it is inspected only where control points come with it. */
  needsPoints: boolean
}

type Kind = 'tiff' | 'jpeg' | 'png' | 'other'
const FORMS: Record<Kind, string> = { tiff: 'TIFF', jpeg: 'JPEG', png: 'PNG', other: '?' }

const PICTURES: FileRole[] = ['orthophoto', 'baseline']
const SURFACES: FileRole[] = ['dsm', 'baseline_dsm']
const MOST_PAPER = 64 * 2 ** 20
const IMAGES = /\.(tiff?|jpe?g|png)$/i
const TABLES = /\.(csv|txt|tsv|points|xml)$/i
/** Of the permit's box; what is missing may well lie outside its outline. */
const ENOUGH = 0.9
/** As the service's own: decoded bytes for each byte of a file, and up to where that is no matter. */
const MOST_EXPANSION = 20_000
const FREE_EXPANSION = 256 * 2 ** 20
const NAMED: [Kind, RegExp][] = [
  ['tiff', /\.tiff?$/i],
  ['jpeg', /\.jpe?g$/i],
  ['png', /\.png$/i],
]

/** What a file most likely is; null where it is nothing that a flight has. */
export async function guess(file: File, taken: (FileRole | null)[]): Promise<FileRole | null> {
  if (/\.json$/i.test(file.name)) return (await isFlightLog(file)) ? 'flight_log' : null
  if (TABLES.test(file.name)) return (await tableKind(file)) === 'points' ? 'control_points' : null
  if (!IMAGES.test(file.name) && (await kindOf(file)) === 'other') return null
  const header = await readHeader(file)
  const isSurface = header !== null && header.bands === 1 && header.isFloat
  const wanted: FileRole[] = isSurface ? ['dsm', 'baseline_dsm'] : ['orthophoto', 'baseline']
  return wanted.find((role) => !taken.includes(role)) ?? wanted[0] ?? 'orthophoto'
}

export async function look(
  file: File,
  role: FileRole | null,
  ground: Box | null,
  most: number,
): Promise<Look> {
  const remarks: Remark[] = []
  const tell = (kind: Remark['kind'], text: string) => remarks.push({ kind, text })
  if (file.size === 0) tell('bad', say('check.empty'))
  if (file.size > most) tell('bad', say('check.too_large', { most: bytes(most) }))
  const seen: Look = { remarks, outline: null, needsPoints: false }
  if (role === null) {
    tell('plain', await unknown(file))
    return seen
  }
  const kind = await kindOf(file)
  if (![...PICTURES, ...SURFACES].includes(role)) {
    if (file.size > MOST_PAPER || kind !== 'other') tell('bad', say('check.no_text'))
    else if (role === 'control_points' && (await tableKind(file)) === 'outline')
      tell('doubt', say('check.outline_table'))
    else if (role !== 'control_points' && !(await isFlightLog(file)))
      tell('bad', say('check.no_log'))
    return seen
  }
  if (kind === 'other' || (kind !== 'tiff' && SURFACES.includes(role))) {
    tell('bad', say(SURFACES.includes(role) ? 'check.no_surface' : 'check.no_picture'))
    return seen
  }
  const named = NAMED.find(([, ending]) => ending.test(file.name))?.[0]
  if (named !== undefined && named !== kind)
    tell('doubt', say('check.named_otherwise', { named: FORMS[named], kind: FORMS[kind] }))
  if (kind !== 'tiff') {
    tell('doubt', say('check.no_place'))
    return { ...seen, needsPoints: role === 'orthophoto' }
  }
  const header = await readHeader(file)
  if (header === null) {
    tell('bad', say('check.broken'))
    return seen
  }
  if (!header.isWhole) tell('bad', say('check.cut'))
  if (header.decoded > Math.max(FREE_EXPANSION, MOST_EXPANSION * file.size))
    tell('bad', say('check.expands', { size: bytes(file.size), decoded: bytes(header.decoded) }))
  if (SURFACES.includes(role) && header.bands !== 1) tell('bad', say('check.no_surface'))
  tell('plain', sizes(header))
  const outline = outlineOf(header)
  if (header.corners === null) tell('doubt', say('check.no_place'))
  else if (header.epsg === null) tell('doubt', say('check.no_system'))
  else if (outline === null) tell('plain', say('check.other_system', { epsg: header.epsg }))
  if (outline !== null && ground !== null) remarks.push(placed(boxOf(outline), ground))
  const isNowhere = header.corners === null && !header.hasPoints
  return { remarks, outline, needsPoints: isNowhere && role === 'orthophoto' }
}

/** Of a table it is said what it seems to be: only its bringer knows. */
async function unknown(file: File): Promise<string> {
  if (!TABLES.test(file.name)) return say('check.unknown')
  return say((await tableKind(file)) === 'outline' ? 'check.outline_table' : 'check.other_table')
}

function sizes(header: Header): string {
  const pixel = pixelSize(header)
  const { bands: count } = header
  const bands = count === 1 ? say('check.band') : say('check.bands', { count })
  const facts = { width: number(header.width), height: number(header.height), bands }
  if (pixel === null) return say('check.size', facts)
  return say('check.size_and_pixel', { ...facts, pixel: length(pixel) })
}

function placed(box: Box, ground: Box): Remark {
  const metres = gap(box, ground)
  if (metres > 0) return { kind: 'bad', text: say('check.elsewhere', { distance: length(metres) }) }
  const share = cover(ground, box)
  if (share < ENOUGH) return { kind: 'doubt', text: say('check.part', { share: percent(share) }) }
  return { kind: 'good', text: say('check.there') }
}

async function kindOf(file: File): Promise<Kind> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer())
  const mark = Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (/^(49492a00|49492b00|4d4d002a|4d4d002b)/.test(mark)) return 'tiff'
  if (mark.startsWith('ffd8ff')) return 'jpeg'
  return mark === '89504e47' ? 'png' : 'other'
}
