/** The SHA-256 of a file, worked out beside the page. */

import type { Told } from './hashing.worker'

/** The file cannot be read any more: it was moved, changed, or its card was taken out. */
export class UnreadableError extends Error {}

export function hashed(
  file: File,
  onRead: (read: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const worker = new Worker(new URL('./hashing.worker.ts', import.meta.url), { type: 'module' })
  const reading = new Promise<string>((resolve, reject) => {
    worker.onmessage = ({ data: told }: MessageEvent<Told>) => {
      if ('read' in told) onRead(told.read)
      else if ('sha256' in told) resolve(told.sha256)
      else reject(new UnreadableError())
    }
    worker.onerror = () => reject(new UnreadableError())
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    worker.postMessage(file)
  })
  return reading.finally(() => worker.terminate())
}
