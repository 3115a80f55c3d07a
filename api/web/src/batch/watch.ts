/** Follows a batch: asks for all of it again when one of its inspections tells that it went on. */

import { OPEN } from '../inspection_list'
import { batch as asked, type Batch } from '../service/batches'

/** Browsers keep few connections: these many inspections are listened to at a time. */
const EARS = 3
const SOON_MS = 2000
const SELDOM_MS = 15_000
/** A batch of so many is not asked for each time that one of them goes on. */
const MANY = 200

export function isOpen(batch: Batch): boolean {
  return batch.items.some((one) => one.state !== null && OPEN.includes(one.state))
}

export async function follow(
  first: Batch,
  draw: (batch: Batch) => void,
  left: AbortSignal,
): Promise<void> {
  let now = first
  while (isOpen(now) && !left.aborted) {
    await change(now, left)
    if (left.aborted) return
    try {
      now = await asked(now.id, left)
      draw(now)
    } catch {
      // The line is down for a while: it is asked again.
    }
  }
}

/** Until an inspection that is under way tells something, and a moment more; or a while. */
function change(batch: Batch, left: AbortSignal): Promise<void> {
  const running = batch.items.filter((one) => one.state !== null && OPEN.includes(one.state))
  running.sort((one, other) => Number(other.state === 'running') - Number(one.state === 'running'))
  const streams = running
    .slice(0, EARS)
    .map((one) => new EventSource(`/api/v1/inspections/${one.inspection_id}/events`))
  const known = new Set<EventSource>()
  return new Promise((resolve) => {
    const over = new AbortController()
    const { signal } = over
    const wake = () => {
      for (const one of streams) one.close()
      over.abort()
      resolve()
    }
    const later = setTimeout(wake, SELDOM_MS)
    let soon: ReturnType<typeof setTimeout> | undefined
    const heard = (stream: EventSource) => {
      // The first that a stream tells is how far it was.
      if (!known.has(stream)) {
        known.add(stream)
        return
      }
      soon ??= setTimeout(wake, batch.items.length > MANY ? SELDOM_MS : SOON_MS)
    }
    for (const stream of streams) {
      stream.addEventListener('state', () => heard(stream), { signal })
      stream.addEventListener('end', () => (soon ??= setTimeout(wake, 0)), { signal })
    }
    left.addEventListener('abort', wake, { signal })
    signal.addEventListener('abort', () => {
      clearTimeout(later)
      clearTimeout(soon)
    })
  })
}
