/** Reads the QR of a report out of a picture, and out of its words the mark of the report. */

import type { Image } from 'qr/decode.js'

/** Longest side of the picture at each try: large codes are found in small pictures, quickly. */
const SIDES = [1000, 1800, 3000]

type Detect = (picture: ImageBitmapSource) => Promise<string | null>

interface Detector {
  detect: (picture: ImageBitmapSource) => Promise<{ rawValue: string }[]>
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector
  getSupportedFormats: () => Promise<string[]>
}

/** The code or the hash that a QR of a report says, whatever address it leads to; null for none. */
export function markIn(text: string): string | null {
  const whole = /(?:^|[^0-9a-f])([0-9a-f]{64})(?:$|[^0-9a-f])/i.exec(text)
  if (whole?.[1] !== undefined) return whole[1].toLowerCase()
  const short = /(?:^|[^0-9a-f-])([0-9a-f]{4}(?:-?[0-9a-f]{4}){3})$/i.exec(text.trim())
  return short?.[1]?.toUpperCase() ?? null
}

/** The browser knows no such picture, or its file is broken. */
export class UnreadablePictureError extends Error {}

/** The words of the QR in a photo; null where none is found. */
export async function qrInPhoto(photo: Blob): Promise<string | null> {
  const detect = await detector()
  const picture = await createImageBitmap(photo).catch(() => {
    throw new UnreadablePictureError()
  })
  try {
    const found = await detect(picture)
    if (found !== null) return found
    const longest = Math.max(picture.width, picture.height)
    // Also larger than it is: a code that takes few pixels is found more surely.
    for (const side of longest < 1000 ? [longest, 2 * longest] : SIDES) {
      if (side > longest * 2) break
      const read = await decoded(picture, side / longest)
      if (read !== null) return read
    }
    return null
  } finally {
    picture.close()
  }
}

/** The words of the QR that a camera shows at this moment; null where none is found. */
export async function qrInVideo(video: HTMLVideoElement): Promise<string | null> {
  const detect = await detector()
  const found = await detect(video)
  if (found !== null) return found
  return video.videoWidth === 0 ? null : decoded(video, 1)
}

async function decoded(
  source: ImageBitmap | HTMLVideoElement,
  scale: number,
): Promise<string | null> {
  const { default: decode } = await import('qr/decode.js')
  const image = pixels(source, scale)
  try {
    return image === null ? null : decode(image)
  } catch {
    return null // it throws where there is none to be read
  }
}

function pixels(source: ImageBitmap | HTMLVideoElement, scale: number): Image | null {
  const isVideo = source instanceof HTMLVideoElement
  const width = Math.round((isVideo ? source.videoWidth : source.width) * scale)
  const height = Math.round((isVideo ? source.videoHeight : source.height) * scale)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (pen === null || width === 0 || height === 0) return null
  pen.drawImage(source, 0, 0, width, height)
  return pen.getImageData(0, 0, width, height)
}

let known: Promise<Detect> | null = null

/** The browser's own reader where it has one: quicker, and good with crooked pictures. */
function detector(): Promise<Detect> {
  known ??= own()
  return known
}

async function own(): Promise<Detect> {
  const none: Detect = async () => null
  const made = (window as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  if (made === undefined) return none
  try {
    if (!(await made.getSupportedFormats()).includes('qr_code')) return none
    const reader = new made({ formats: ['qr_code'] })
    return async (picture) => (await reader.detect(picture).catch(() => []))[0]?.rawValue ?? null
  } catch {
    return none
  }
}
