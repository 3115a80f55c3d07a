/** One file on its way, by tus: it goes on where it was cut, for as long as it takes. */

import { type DetailedError, Upload } from 'tus-js-client'
import { newKey, onceOnly, type Problem, problemOf, proofs, unreachable } from '../service/api'
import type { DraftFile } from './draft'

const PIECE = 2 * 2 ** 20
/** Pauses between tries; the count begins anew with every piece that arrives. */
const PAUSES_MS = Array.from({ length: 5000 }, (_, try_) => Math.min(30_000, 500 * 2 ** try_))
const WORTH_TRYING = [408, 409, 423, 429]

export interface Watching {
  announced: (url: string) => void
  /** Bytes that the service has safe. */
  arrived: (bytes: number) => void
  /** Bytes that left this device: some of them may have to go again. */
  sent: (bytes: number) => void
  /** The connection is gone, or there again. */
  waiting: (isWaiting: boolean) => void
}

export function send(
  file: File,
  kept: DraftFile,
  permit: string,
  watching: Watching,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: '/uploads/',
      uploadUrl: kept.url,
      chunkSize: PIECE,
      retryDelays: PAUSES_MS,
      storeFingerprintForResuming: false, // the draft keeps the address
      metadata: {
        filename: kept.name,
        sha256: kept.sha256 ?? '',
        kind: kept.role ?? 'file',
        permit,
      },
      onBeforeRequest: (request) => {
        // Asked each time: whoever signed in again in between sends a new one.
        const isAnnouncing = request.getMethod() === 'POST'
        // One that has an address and is announced again has come to its end at the service.
        const key = kept.url === null ? kept.key : newKey()
        const headers = { ...proofs(), ...onceOnly(isAnnouncing ? key : undefined) }
        for (const [name, value] of Object.entries(headers)) request.setHeader(name, value)
      },
      onAfterResponse: () => watching.waiting(false),
      onUploadUrlAvailable: () => watching.announced(upload.url ?? ''),
      onProgress: (sent) => watching.sent(sent),
      onChunkComplete: (_, arrived) => watching.arrived(arrived),
      onShouldRetry: (error) => {
        const status = statusOf(error)
        const isWorthIt = status === 0 || status >= 500 || WORTH_TRYING.includes(status)
        watching.waiting(isWorthIt)
        return isWorthIt
      },
      onSuccess: () => resolve(),
      onError: (error) => reject(told(error)),
    })
    const give = () => void upload.abort().finally(() => reject(signal.reason))
    signal.addEventListener('abort', give, { once: true })
    upload.start()
  })
}

function statusOf(error: Error | DetailedError): number {
  return ('originalResponse' in error && error.originalResponse?.getStatus()) || 0
}

function told(error: Error | DetailedError): Problem {
  const answer = 'originalResponse' in error ? error.originalResponse : null
  return answer ? problemOf(answer.getStatus(), answer.getBody()) : unreachable()
}

/** Gives an upload up, so that it takes no room any more; it ends by itself if that fails. */
export async function terminate(url: string): Promise<void> {
  await Upload.terminate(url, { headers: proofs(), retryDelays: [] }).catch(() => undefined)
}
