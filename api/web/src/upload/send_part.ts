/** Sends the files, says truly how far they are, and ends at the inspection that was asked for. */

import { el, fill } from '../dom'
import { bytes, duration, moment, percent } from '../format'
import { notice, told } from '../notice'
import { ground } from '../service/permits'
import type { PastInspection } from '../service/record'
import { whoever } from '../service/session'
import { say } from '../wording'
import { CAN_STAY_AWAKE } from './awake'
import { inspectedBefore } from './before'
import type { Delivery } from './delivery'
import { arrivedOf, sizeOf } from './draft'
import type { FilesPart } from './files_part'
import { UnreadableError } from './hashing'

export class SendPart {
  readonly body = el('section', { class: 'card', 'aria-labelledby': 'send-title' })
  private readonly bar = el('progress', { max: 1, value: 0, 'aria-label': say('upload.arrived') })
  private readonly figures = el('p', { class: 'aside figures' })
  /** The inspection that there is of the same files, until somebody says to go on all the same. */
  private before: PastInspection | null = null
  private askedOf = ''
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
    else void this.begin(this.before !== null)
  }

  private async begin(isSure = false): Promise<void> {
    this.before = null
    this.askedOf = this.brought
    const inspection = await this.delivery.start(async (permit, files) => {
      if (!isSure) this.before = await inspectedBefore(permit, files)
      return this.before === null
    })
    if (inspection !== null && !this.left.aborted) location.hash = `#/inspection/${inspection.id}`
  }

  /** Which files there are, and for what: of others nothing is known from before. */
  private get brought(): string {
    const { files, permit } = this.delivery.draft
    return JSON.stringify([permit?.id, ...files.map((one) => [one.name, one.size, one.role])])
  }

  private draw(): void {
    const { delivery } = this
    if (this.brought !== this.askedOf) this.before = null
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
      : this.before !== null
        ? 'upload.before.again'
        : arrived > 0
          ? 'upload.send.go_on'
          : 'upload.send.begin'
    this.button.textContent = say(words, { size: bytes(size) })
    if (delivery.problem !== null) fill(this.said, this.trouble(delivery.problem))
    else if (delivery.phase === 'waiting' || (isBusy && !navigator.onLine)) this.tellWaiting()
    else if (!isBusy && this.groundless !== null) fill(this.said, this.groundless)
    else if (!isBusy && lacks === null && this.before !== null)
      fill(this.said, beforeTold(this.before))
    else if (!isBusy && lacks !== null) fill(this.said, el('p', { class: 'aside' }, lacks))
    else if (isBusy)
      fill(
        this.said,
        el('p', { class: 'aside' }, say(CAN_STAY_AWAKE ? 'upload.awake' : 'upload.stay')),
      )
    else fill(this.said)
  }

  /** That nothing can come of the permit's files yet, and who can change that. */
  private get groundless(): HTMLElement | null {
    const { permit } = this.files
    if (permit === null || ground(permit) !== null) return null
    const notice_ = told('doubt', say('upload.lacks.boundary'), say('upload.lacks.boundary_hint'))
    const brings = whoever()?.may.includes('permit.import')
    notice_.append(
      brings
        ? el('a', { href: '#/import' }, say('import.title'))
        : el('a', { href: `#/permit/${permit.id}` }, say('upload.lacks.boundary_link')),
    )
    return notice_
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
    if (this.groundless !== null) return say('upload.lacks.boundary')
    if (!roles.includes('orthophoto')) return say('upload.lacks.orthophoto')
    const open = draft.files.find((one) => one.role === null)
    if (open !== undefined) return say('upload.lacks.role', { name: open.name })
    const twice = roles.find((role, place) => roles.indexOf(role) < place)
    if (twice) return say('upload.lacks.one_of_each', { role: say(`upload.role.${twice}`) })
    if (roles.some((role) => role?.startsWith('baseline_')) && !roles.includes('baseline'))
      return say('upload.lacks.baseline')
    if (missing.length > 0) return say('upload.lacks.again')
    if (!this.files.isSound) return say('upload.lacks.sound')
    return this.files.lacksPlace ? say('upload.lacks.place') : null
  }
}

function beforeTold(before: PastInspection): HTMLElement {
  const when = moment(before.created_at)
  const notice = told('doubt', say('upload.before.title', { when }), say('upload.before.hint'))
  notice.append(el('a', { href: `#/inspection/${before.id}` }, say('upload.before.see')))
  return notice
}
