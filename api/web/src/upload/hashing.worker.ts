/** Beside the page: reads a file piece by piece and hashes it, whatever its size. */

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

const TOLD_EVERY = 8 * 2 ** 20

export type Told = { read: number } | { sha256: string } | { failed: true }

self.onmessage = async ({ data: file }: MessageEvent<File>) => {
  const say = (told: Told) => self.postMessage(told)
  try {
    const digest = sha256.create()
    const pieces = file.stream().getReader()
    let read = 0
    let told = 0
    for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
      digest.update(piece.value)
      read += piece.value.byteLength
      if (read - told < TOLD_EVERY) continue
      told = read
      say({ read })
    }
    say({ sha256: bytesToHex(digest.digest()) })
  } catch {
    say({ failed: true })
  }
}
