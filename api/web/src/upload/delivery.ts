/** All files of a flight, one after the other, and then its inspection; goes on beside any page. */

import type { Inspection } from '../service/answers'
import { ask, newKey, Problem } from '../service/api'
import { inspectionOf } from './asked'
import { stayAwake } from './awake'
import {
  arrivedOf,
  type Draft,
  type DraftFile,
  draftOf,
  type FileRole,
  isSame,
  keep,
} from './draft'
import { hashed } from './hashing'

/** Whether an inspection of these files is wanted, now that it is known which bytes they are. */
export type Asking = (permit: string, files: DraftFile[]) => Promise<boolean>

export type Phase = 'idle' | 'reading' | 'sending' | 'waiting' | 'submitting'

const RATE_OVER_MS = 20_000
const SOON_MS = 1000

/** Loaded beside the page and not before it: until something is sent, nobody waits for it. */
const sender = () => import('./sending')

export class Delivery extends EventTarget {
  readonly draft: Draft
  phase: Phase = 'idle'
  /** Of the file that is being read or sent: how many of its bytes. */
  done = 0
  current: DraftFile | null = null
  problem: unknown = null
  private readonly files = new Map<DraftFile, File>()
  private stopping = new AbortController()
  private marks: { at: number; bytes: number }[] = []

  constructor(private readonly user: string) {
    super()
    this.draft = draftOf(user)
    // While there is a line: what is needed to send must not be missing when it is gone.
    setTimeout(() => void sender().catch(() => undefined), SOON_MS)
  }

  get isBusy(): boolean {
    return this.phase !== 'idle'
  }

  /** The file behind an entry; none after the page was loaded anew, until it is chosen again. */
  fileOf(kept: DraftFile): File | undefined {
    return this.files.get(kept)
  }

  /** Whether it stopped because the session came to its end: it goes on with the next one. */
  get wasSignedOut(): boolean {
    return this.problem instanceof Problem && this.problem.status === 401
  }

  /** Files that have to be chosen again before anything more of them can be sent. */
  get missing(): DraftFile[] {
    return this.draft.files.filter((one) => one.arrived < one.size && !this.files.has(one))
  }

  choose(permit: Draft['permit']): void {
    if (permit?.id !== this.draft.permit?.id) {
      // What was announced was announced for the other permit.
      for (const one of this.draft.files)
        Object.assign(one, { url: null, arrived: 0, key: newKey() })
    }
    this.draft.permit = permit
    this.changed()
  }

  /** Takes a file, or finds that it is one of those that were begun. */
  add(file: File, role: FileRole | null): void {
    let kept = this.draft.files.find((one) => isSame(one, file))
    if (kept === undefined) {
      const { name, size, lastModified: modified } = file
      kept = { name, size, modified, role, sha256: null, key: newKey(), url: null, arrived: 0 }
      this.draft.files.push(kept)
    }
    this.files.set(kept, file)
    this.changed()
  }

  assign(kept: DraftFile, role: FileRole): void {
    kept.role = role
    this.changed()
  }

  async remove(kept: DraftFile): Promise<void> {
    this.draft.files.splice(this.draft.files.indexOf(kept), 1)
    this.files.delete(kept)
    this.changed()
    if (kept.url === null) return
    const { terminate } = await sender()
    await terminate(kept.url)
  }

  /** Gives all of it up, what has arrived at the service too. */
  async discard(): Promise<void> {
    for (const one of [...this.draft.files]) await this.remove(one)
    this.choose(null)
  }

  stop(): void {
    this.stopping.abort(new DOMException('stopped', 'AbortError'))
  }

  /** Sends what is missing and asks for the inspection; gives it, or null if it was stopped. */
  async start(isWanted: Asking): Promise<Inspection | null> {
    const permit = this.draft.permit
    if (permit === null || this.isBusy) return null
    this.stopping = new AbortController()
    this.problem = null
    const over = new AbortController()
    stayAwake(over.signal)
    try {
      for (const one of this.draft.files) await this.deliver(one, permit.id)
      this.enter('submitting', null)
      if (!(await isWanted(permit.id, this.draft.files))) return null
      const body = inspectionOf(permit.id, this.draft.files)
      const inspection = await this.submit(body)
      this.draft.files.length = 0
      this.draft.permit = null
      this.draft.asked = null
      this.files.clear()
      return inspection
    } catch (error) {
      if (!this.stopping.signal.aborted) this.problem = error
      return null
    } finally {
      over.abort()
      this.enter('idle', null)
    }
  }

  /** Seconds that the rest takes at the pace of the last seconds; null while that is not known. */
  get secondsLeft(): number | null {
    const [first, last] = [this.marks[0], this.marks.at(-1)]
    if (first === undefined || last === undefined || last.at - first.at < 2000) return null
    const pace = ((last.bytes - first.bytes) / (last.at - first.at)) * 1000
    const rest = this.draft.files.reduce((sum, one) => sum + one.size - one.arrived, 0)
    return pace > 0 ? rest / pace : null
  }

  private async deliver(kept: DraftFile, permit: string): Promise<void> {
    if (kept.arrived >= kept.size && kept.url !== null) return
    const file = this.files.get(kept)
    if (file === undefined) return
    const { signal } = this.stopping
    this.enter('reading', kept)
    kept.sha256 ??= await hashed(file, (read) => this.progress(read), signal)
    this.enter('sending', kept)
    this.marks = []
    try {
      const { send } = await sender()
      await send(
        file,
        kept,
        permit,
        {
          announced: (url) =>
            this.note(() => {
              kept.url = url
            }),
          arrived: (bytes) =>
            this.note(() => {
              kept.arrived = bytes
            }),
          sent: (bytes) => this.pace(bytes),
          waiting: (isWaiting) => this.enter(isWaiting ? 'waiting' : 'sending', kept),
        },
        signal,
      )
    } catch (error) {
      // Not the bytes that were read before: whatever changed them, they are read again.
      if (error instanceof Problem && error.code === 'upload_hash_differs')
        Object.assign(kept, { sha256: null, url: null, arrived: 0, key: newKey() })
      throw error
    }
    this.note(() => {
      kept.arrived = kept.size
    })
  }

  /** Asked again after an answer that was lost, it is the same inspection. */
  private async submit(body: object): Promise<Inspection> {
    const text = JSON.stringify(body)
    if (this.draft.asked?.body !== text) this.draft.asked = { key: newKey(), body: text }
    this.changed()
    try {
      return await ask<Inspection>('/inspections', {
        method: 'POST',
        body,
        once: this.draft.asked.key,
      })
    } catch (error) {
      // What was refused may be asked anew when its cause is mended.
      if (error instanceof Problem && error.status >= 400 && error.status < 500)
        this.draft.asked = null
      throw error
    }
  }

  private note(change: () => void): void {
    change()
    this.changed()
  }

  private pace(bytes: number): void {
    const at = performance.now()
    const others = arrivedOf(this.draft) - (this.current?.arrived ?? 0)
    this.marks.push({ at, bytes: others + bytes })
    while (at - (this.marks[0]?.at ?? at) > RATE_OVER_MS) this.marks.shift()
    this.progress(bytes)
  }

  private progress(done: number): void {
    this.done = done
    this.dispatchEvent(new Event('progress'))
  }

  private enter(phase: Phase, current: DraftFile | null): void {
    if (phase === this.phase && current === this.current) return
    this.phase = phase
    this.current = current
    this.done = current?.arrived ?? 0
    this.changed()
  }

  private changed(): void {
    keep(this.user, this.draft)
    this.dispatchEvent(new Event('change'))
  }
}

let running: { user: string; delivery: Delivery } | null = null

/** The one delivery of a person on this device, whichever page asks for it. */
export function deliveryOf(user: string): Delivery {
  if (running?.user !== user) {
    running?.delivery.stop()
    running = { user, delivery: new Delivery(user) }
  }
  return running.delivery
}
