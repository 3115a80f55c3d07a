/** What the header of a TIFF says: size, bands, and where on the ground it lies. */

const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  stripOffsets: 273,
  samples: 277,
  stripLengths: 279,
  tileOffsets: 324,
  tileLengths: 325,
  format: 339,
  scale: 33550,
  tie: 33922,
  matrix: 34264,
  keys: 34735,
} as const
const KEY = { model: 1024, raster: 1025, geographic: 2048, projected: 3072 } as const
const GEOGRAPHIC_MODEL = 2
const POINT_RASTER = 2
const FLOAT_FORMAT = 3
const SIZE_OF_TYPE: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 11: 4, 12: 8, 13: 4, 16: 8 }
/** Numbers that tie one pixel to the ground. */
const ONE_TIE = 6
const MOST_ENTRIES = 4096
const MOST_VALUES = 2 ** 20
/** A code of the EPSG register; what lies above it is each author's own. */
const MOST_EPSG = 32766

export interface Header {
  width: number
  height: number
  bands: number
  isFloat: boolean
  /** Corners in the image's own system; null where the file names no place. */
  corners: [number, number][] | null
  /** Sides of one pixel, in the units of the system. */
  pixel: [number, number] | null
  epsg: number | null
  isGeographic: boolean
  /** Whether the file is as long as its header says: one that was not copied to its end is not. */
  isWhole: boolean
  /** Bytes that its pixels take when they are read. */
  decoded: number
  /** Whether it holds control points of its own. */
  hasPoints: boolean
}

/** Null for what is no TIFF, or none whose header can be read. */
export async function readHeader(file: Blob): Promise<Header | null> {
  try {
    return headerOf(await firstTags(file), file.size)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

class Tags extends Map<number, number[]> {
  first(tag: number, otherwise: number): number {
    return this.get(tag)?.[0] ?? otherwise
  }
}

function headerOf(tags: Tags | null, size: number): Header | null {
  const [width, height] = [tags?.first(TAG.width, 0), tags?.first(TAG.height, 0)]
  if (!tags || !width || !height) return null
  const keys = keysOf(tags.get(TAG.keys) ?? [])
  const isGeographic = keys.get(KEY.model) === GEOGRAPHIC_MODEL
  const code = keys.get(isGeographic ? KEY.geographic : KEY.projected)
  const place = placed(tags, keys.get(KEY.raster) === POINT_RASTER)
  return {
    width,
    height,
    bands: tags.first(TAG.samples, 1),
    isFloat: tags.first(TAG.format, 1) === FLOAT_FORMAT,
    corners:
      place &&
      [
        [0, 0],
        [width, 0],
        [width, height],
        [0, height],
      ].map(([x = 0, y = 0]) => place(x, y)),
    pixel: place && [distance(place, 1, 0), distance(place, 0, 1)],
    epsg: code !== undefined && code <= MOST_EPSG ? code : null,
    isGeographic,
    isWhole: endOf(tags) <= size,
    decoded: (width * height * tags.first(TAG.samples, 1) * tags.first(TAG.bits, 8)) / 8,
    hasPoints: (tags.get(TAG.tie)?.length ?? 0) > ONE_TIE,
  }
}

/** Where the last of the pixels end. */
function endOf(tags: Tags): number {
  const offsets = tags.get(TAG.tileOffsets) ?? tags.get(TAG.stripOffsets) ?? []
  const lengths = tags.get(TAG.tileLengths) ?? tags.get(TAG.stripLengths) ?? []
  return offsets.reduce((end, offset, place) => Math.max(end, offset + (lengths[place] ?? 0)), 0)
}

type Place = (column: number, row: number) => [number, number]

function placed(tags: Tags, isPoint: boolean): Place | null {
  const shift = isPoint ? 0.5 : 0
  const [a, b, , c, d, e, , f] = tags.get(TAG.matrix) ?? []
  if (
    f !== undefined &&
    a !== undefined &&
    b !== undefined &&
    d !== undefined &&
    e !== undefined &&
    c !== undefined
  )
    return (x, y) => [a * (x - shift) + b * (y - shift) + c, d * (x - shift) + e * (y - shift) + f]
  const [width, height] = tags.get(TAG.scale) ?? []
  const [column, row, , east, north] = tags.get(TAG.tie) ?? []
  if (
    !width ||
    !height ||
    column === undefined ||
    row === undefined ||
    east === undefined ||
    north === undefined
  )
    return null
  return (x, y) => [east + (x - shift - column) * width, north - (y - shift - row) * height]
}

function distance(place: Place, x: number, y: number): number {
  const [[ax, ay], [bx, by]] = [place(0, 0), place(x, y)]
  return Math.hypot(bx - ax, by - ay)
}

function keysOf(directory: number[]): Map<number, number> {
  const keys = new Map<number, number>()
  for (let at = 4; at + 3 < directory.length; at += 4) {
    const [key, elsewhere, , value] = directory.slice(at, at + 4)
    if (key !== undefined && elsewhere === 0 && value !== undefined) keys.set(key, value)
  }
  return keys
}

async function firstTags(file: Blob): Promise<Tags | null> {
  const start = await piece(file, 0, 16)
  const mark = start.getUint16(0)
  if (mark !== 0x4949 && mark !== 0x4d4d) return null
  const isLittle = mark === 0x4949
  const version = start.getUint16(2, isLittle)
  if (version !== 42 && version !== 43) return null
  const isBig = version === 43
  const wide = isBig ? 8 : 4
  const number = (from: DataView, at: number, bytes: number): number => {
    if (bytes === 8) return Number(from.getBigUint64(at, isLittle))
    return bytes === 4 ? from.getUint32(at, isLittle) : from.getUint16(at, isLittle)
  }

  const directory = number(start, isBig ? 8 : 4, wide)
  const counted = await piece(file, directory, isBig ? 8 : 2)
  const entries = Math.min(number(counted, 0, isBig ? 8 : 2), MOST_ENTRIES)
  const length = isBig ? 20 : 12
  const table = await piece(file, directory + counted.byteLength, entries * length)
  if (table.byteLength < entries * length) throw new RangeError('the directory is cut off')
  const wanted = new Set<number>(Object.values(TAG))
  const tags = new Tags()
  for (let at = 0; at + length <= table.byteLength; at += length) {
    const tag = number(table, at, 2)
    const type = number(table, at + 2, 2)
    const size = SIZE_OF_TYPE[type]
    if (!wanted.has(tag) || size === undefined) continue
    const count = Math.min(number(table, at + 4, wide), MOST_VALUES)
    const inside = at + 4 + wide
    const isInside = count * size <= wide
    const values = isInside ? table : await piece(file, number(table, inside, wide), count * size)
    const from = isInside ? inside : 0
    const read = (place: number): number => {
      if (type === 12) return values.getFloat64(place, isLittle)
      if (type === 11) return values.getFloat32(place, isLittle)
      return size === 1 ? values.getUint8(place) : number(values, place, size)
    }
    tags.set(
      tag,
      Array.from({ length: count }, (_, one) => read(from + one * size)),
    )
  }
  return tags
}

async function piece(file: Blob, start: number, length: number): Promise<DataView> {
  return new DataView(await file.slice(start, start + length).arrayBuffer())
}
