/** The camera, looking for the QR of a report; it is off as soon as one is found or one leaves. */

import { el, fill } from '../dom'
import { told } from '../notice'
import { say } from '../wording'
import { markIn, qrInVideo } from './reading_qr'

const PAUSE_MS = 120

export class CameraPart {
  readonly body = el('div', { class: 'camera' })
  private stream: MediaStream | null = null
  private looking = new AbortController()

  constructor(
    private readonly onMark: (mark: string) => void,
    left: AbortSignal,
  ) {
    left.addEventListener('abort', () => this.stop())
    this.offer()
  }

  stop(): void {
    this.looking.abort()
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = null
    this.offer()
  }

  private offer(trouble: Node | null = null): void {
    const begin = el('button', { type: 'button', onclick: () => void this.begin() })
    begin.textContent = say('verify.scan')
    fill(this.body, trouble, begin)
  }

  private async begin(): Promise<void> {
    this.looking = new AbortController()
    const { signal } = this.looking
    try {
      // Without HTTPS browsers have no camera for us.
      const stream = await navigator.mediaDevices?.getUserMedia({
        video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
      })
      if (stream === undefined) throw new Error('no camera')
      this.stream = stream
      if (signal.aborted) this.stop()
      else await this.look(stream, signal)
    } catch {
      if (!signal.aborted) {
        this.stop()
        this.offer(told('doubt', say('verify.no_camera'), say('verify.no_camera_hint')))
      }
    }
  }

  private async look(stream: MediaStream, signal: AbortSignal): Promise<void> {
    const video = el('video', { playsinline: true, muted: true, 'aria-label': say('verify.scan') })
    video.muted = true
    video.srcObject = stream
    const end = el('button', { type: 'button', onclick: () => this.stop() }, say('verify.stop'))
    const hint = el('p', { class: 'aside', role: 'status' }, say('verify.aim'))
    fill(this.body, video, hint, end)
    await video.play()
    while (!signal.aborted) {
      const text = await qrInVideo(video)
      const mark = text === null ? null : markIn(text)
      if (signal.aborted) return
      if (mark !== null) {
        this.stop()
        this.onMark(mark)
        return
      }
      if (text !== null) fill(hint, say('verify.foreign_qr'))
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}
