/** The next case of the queue, where nothing is left to decide: by one click, or one key. */

import { el, fill } from '../dom'
import { moment } from '../format'
import { flightOf } from '../inspection_list'
import { notice } from '../notice'
import { isNarrowed, nextBehind, type Queued, whatWasKept } from '../service/queue'
import { hasRole } from '../service/session'
import { say } from '../wording'
import type { Desk } from './desk'

export class NextPart {
  readonly body = el('div', { class: 'next', 'aria-live': 'polite', hidden: true })
  private next: Queued | null = null
  /** After which decision it was asked for. */
  private asked = ''

  constructor(private readonly desk: Desk) {}

  draw(): void {
    const { standing, isOpen } = this.desk
    const isOver = !isOpen || standing.decision?.outcome === 'returned'
    this.body.hidden = !(hasRole('reviewer') && isOver)
    const now = `${standing.state} ${standing.decision?.created_at}`
    if (this.body.hidden || now === this.asked) return
    this.asked = now
    void this.look()
  }

  /** Opens it; whether there is one to open. */
  go(): void {
    if (!this.body.hidden && this.next !== null) location.hash = addressOf(this.next)
  }

  private async look(): Promise<void> {
    const { done, left } = this.desk
    try {
      this.next = await nextBehind(done.id, left)
      fill(this.body, ...(this.next === null ? this.none() : this.offer(this.next)))
    } catch (error) {
      if (!left.aborted) fill(this.body, notice(error))
    }
  }

  private offer(next: Queued): Node[] {
    const words = say('next.case', { permit: next.permit_reference })
    const about = [flightOf(next)]
    if (next.due_at !== null) {
      const when = moment(next.due_at)
      about.push(next.is_overdue ? say('queue.overdue', { when }) : say('queue.due', { when }))
    }
    const link = el('a', { class: 'button main', href: addressOf(next) })
    fill(link, words, ' ', el('kbd', {}, 'x'))
    return [el('p', {}, link), el('p', { class: 'aside' }, about.join(' · '))]
  }

  private none(): Node[] {
    const words = say(isNarrowed(whatWasKept()) ? 'next.none_fits' : 'next.none')
    const back = el('a', { href: '#/reviews' }, say('reviews.title'))
    return [el('p', {}, words, ' ', back)]
  }
}

function addressOf({ id }: Queued): string {
  return `#/inspection/${id}`
}
