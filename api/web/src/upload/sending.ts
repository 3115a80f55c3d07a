/** One file on its way, by tus: it goes on where it was cut, for as long as it takes. */

import { type DetailedError, Upload } from 'tus-js-client'
import { newKey, onceOnly, type Problem, problemOf, proofs, unreachable } from '../service/api'
import type { DraftFile } from './draft'

const PIECE = 2 * 2 ** 20
/** Pauses between tries; the count begins anew with every piece that arrives. */
const PAUSES_MS = Array.from({ length: 5000 }, (_, try_) => Math.min(30_000, 500 * 2 ** try_))
const WORTH_TRYING = [408, 409, 423, 429]
/** A connection on which nothing has moved for so long is dead, whatever the device believes. */
const PATIENCE_MS = 120_000

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
    let isWaiting = false
    let isThere = false
    let timer = 0
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
        goes_on: 'yes', // begun on another device, or sent whole before: nothing of it goes twice
      },
      onBeforeRequest: (request) => {
        // Asked each time: whoever signed in again in between sends a new one.
        const isAnnouncing = request.getMethod() === 'POST'
        // One that has an address and is announced again has come to its end at the service.
        const key = kept.url === null ? kept.key : newKey()
        const headers = { ...proofs(), ...onceOnly(isAnnouncing ? key : undefined) }
        for (const [name, value] of Object.entries(headers)) request.setHeader(name, value)
      },
      onAfterResponse: (request, response) => {
        wait(false)
        const offset = Number(response.getHeader('Upload-Offset') ?? 0)
        const method = request.getMethod()
        isThere = method === 'POST' && offset > 0
        if (method === 'HEAD' && offset > 0) watching.arrived(offset)
      },
      onUploadUrlAvailable: () => {
        watching.announced(upload.url ?? '')
        if (isThere) afresh() // a part of it has arrived: it goes on there
      },
      onProgress: (sent) => {
        watch()
        watching.sent(sent)
      },
      onChunkComplete: (_, arrived) => watching.arrived(arrived),
      onShouldRetry: (error) => {
        const status = statusOf(error)
        const isWorthIt = status === 0 || status >= 500 || WORTH_TRYING.includes(status)
        wait(isWorthIt)
        return isWorthIt
      },
      onSuccess: () => end(resolve),
      onError: (error) => end(() => reject(told(error))),
    })
    const over = new AbortController()
    const wait = (now: boolean) => {
      isWaiting = now
      watch()
      watching.waiting(now)
    }
    /** Lets go of what is under way and asks the service how far it is. */
    const afresh = () => {
      void upload.abort()
      // Not before the library has noticed that it was stopped.
      setTimeout(() => over.signal.aborted || upload.start())
      watch()
    }
    const watch = () => {
      clearTimeout(timer)
      timer = setTimeout(afresh, PATIENCE_MS)
    }
    const end = (then: () => void) => {
      over.abort()
      clearTimeout(timer)
      then()
    }
    const heard = { signal: over.signal }
    addEventListener('offline', () => wait(true), heard)
    addEventListener('online', () => isWaiting && afresh(), heard)
    signal.addEventListener(
      'abort',
      () => {
        void upload.abort()
        end(() => reject(signal.reason))
      },
      { once: true, signal: over.signal },
    )
    watch()
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

/** Gives an upload up, so that it takes no room any more. */
export async function giveUp(url: string): Promise<void> {
  const gone = [404, 410]
  try {
    await Upload.terminate(url, { headers: proofs(), retryDelays: [] })
  } catch (error) {
    if (!gone.includes(statusOf(error as DetailedError))) throw told(error as DetailedError)
  }
}

/** The same, where it may fail: it then ends by itself when its time is over. */
export async function terminate(url: string): Promise<void> {
  await giveUp(url).catch(() => undefined)
}
