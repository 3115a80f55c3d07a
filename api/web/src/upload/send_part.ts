/** Sends the files, says truly how far they are, and ends at the inspection that was asked for. */

import { el, fill } from '../dom'
import { bytes, duration, percent } from '../format'
import { notice, told } from '../notice'
import { say } from '../wording'
import { CAN_STAY_AWAKE } from './awake'
import type { Delivery } from './delivery'
import { arrivedOf, sizeOf } from './draft'
import type { FilesPart } from './files_part'
import { UnreadableError } from './hashing'

export class SendPart {
  readonly body = el('section', { class: 'card', 'aria-labelledby': 'send-title' })
  private readonly bar = el('progress', { max: 1, value: 0, 'aria-label': say('upload.arrived') })
  private readonly figures = el('p', { class: 'aside figures' })
  private readonly said = el('div', { 'aria-live': 'polite' })
  private readonly button = el('button', {
    type: 'button',
    class: 'main',
    onclick: () => this.press(),
  })

  constructor(
    private readonly delivery: Delivery,
    private readonly files: FilesPart,
    private readonly left: AbortSignal,
  ) {
    fill(
      this.body,
      el('h2', { id: 'send-title' }, say('upload.send.title')),
      this.bar,
      this.figures,
      this.said,
      this.button,
    )
    const signal = left
    files.addEventListener('change', () => this.draw(), { signal })
    delivery.addEventListener('change', () => this.draw(), { signal })
    delivery.addEventListener('progress', () => this.draw(), { signal })
    for (const change of ['online', 'offline'])
      addEventListener(change, () => this.draw(), { signal })
    this.draw()
    if (delivery.wasSignedOut && delivery.missing.length === 0) void this.begin()
  }

  private press(): void {
    if (this.delivery.isBusy) this.delivery.stop()
    else void this.begin()
  }

  private async begin(): Promise<void> {
    const inspection = await this.delivery.start()
    if (inspection !== null && !this.left.aborted) location.hash = `#/inspection/${inspection.id}`
  }

  private draw(): void {
    const { delivery } = this
    const size = sizeOf(delivery.draft)
    const arrived = arrivedOf(delivery.draft)
    const lacks = this.lacks()
    const hasBegun = delivery.isBusy || arrived > 0
    this.bar.value = size > 0 ? arrived / size : 0
    this.bar.hidden = !hasBegun
    this.figures.hidden = !hasBegun
    this.figures.textContent = this.figuresOf(arrived, size)
    this.button.disabled = !delivery.isBusy && lacks !== null
    const { isBusy } = delivery
    this.button.classList.toggle('main', !isBusy)
    const words = isBusy
      ? 'upload.send.pause'
      : arrived > 0
        ? 'upload.send.go_on'
        : 'upload.send.begin'
    this.button.textContent = say(words, { size: bytes(size) })
    if (delivery.problem !== null) fill(this.said, this.trouble(delivery.problem))
    else if (delivery.phase === 'waiting') this.tellWaiting()
    else if (!isBusy && lacks !== null) fill(this.said, el('p', { class: 'aside' }, lacks))
    else if (isBusy)
      fill(
        this.said,
        el('p', { class: 'aside' }, say(CAN_STAY_AWAKE ? 'upload.awake' : 'upload.stay')),
      )
    else fill(this.said)
  }

  private tellWaiting(): void {
    const words = navigator.onLine ? 'upload.waiting' : 'upload.offline'
    fill(this.said, told('doubt', say(words), say('upload.waiting_hint')))
  }

  private figuresOf(arrived: number, size: number): string {
    const facts = {
      share: percent(size > 0 ? arrived / size : 0),
      done: bytes(arrived),
      size: bytes(size),
    }
    const seconds = this.delivery.phase === 'sending' ? this.delivery.secondsLeft : null
    const sofar = say('upload.so_far', facts)
    return seconds === null
      ? sofar
      : `${sofar} · ${say('upload.left', { time: duration(seconds) })}`
  }

  private trouble(error: unknown): HTMLElement {
    if (error instanceof UnreadableError)
      return told('bad', say('upload.unreadable'), say('upload.unreadable_hint'))
    return notice(error)
  }

  /** What has to be done before anything can be sent; null if nothing. */
  private lacks(): string | null {
    const { draft, missing } = this.delivery
    const roles = draft.files.map((one) => one.role)
    if (draft.permit === null) return say('upload.lacks.permit')
    if (!roles.includes('orthophoto')) return say('upload.lacks.orthophoto')
    const open = draft.files.find((one) => one.role === null)
    if (open !== undefined) return say('upload.lacks.role', { name: open.name })
    const twice = roles.find((role, place) => roles.indexOf(role) < place)
    if (twice) return say('upload.lacks.one_of_each', { role: say(`upload.role.${twice}`) })
    if (roles.some((role) => role?.startsWith('baseline_')) && !roles.includes('baseline'))
      return say('upload.lacks.baseline')
    if (missing.length > 0) return say('upload.lacks.again')
    return this.files.isSound ? null : say('upload.lacks.sound')
  }
}
