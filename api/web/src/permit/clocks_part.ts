/** The clocks of a permit: how much of the working days is used, until when, and what moved them. */

import { el, fill } from '../dom'
import { moment } from '../format'
import { left, used } from '../review/service_time'
import type { Clock, PermitRecord } from '../service/record'
import { say } from '../wording'
import { beginButton } from './begin_clock'

export function clocksPart(permit: PermitRecord, left: AbortSignal): HTMLElement {
  const part = el('section', { class: 'card', 'aria-labelledby': 'clocks-title' })
  function draw(clocks: Clock[]): void {
    fill(
      part,
      el('h2', { id: 'clocks-title' }, say('permit.clocks')),
      ...clocks.map(clock),
      clocks.length === 0 && el('p', { class: 'aside' }, say('permit.no_clocks')),
      beginButton(permit.id, left, (begun) => draw([...clocks, begun])),
    )
  }
  draw(permit.clocks)
  return part
}

function clock(one: Clock): HTMLElement {
  return el(
    'div',
    { class: 'clock' },
    el('h3', {}, one.step),
    el('p', {}, state(one)),
    used(one, one.is_overdue),
    one.left_minutes !== null &&
      one.left_minutes > 0 &&
      el('div', { class: 'aside' }, left(one.left_minutes)),
    el('div', { class: 'aside' }, say('permit.calendar', { name: one.calendar })),
    one.events.length > 0 && el('ul', { class: 'moves' }, ...one.events.map(move)),
  )
}

function state(one: Clock): HTMLElement {
  const when = one.due_at && moment(one.due_at)
  if (one.is_overdue) {
    const words = when ? say('queue.overdue', { when }) : say('clock.overdue')
    return el('strong', { class: 'overdue' }, words)
  }
  return el('strong', {}, when ? say('queue.due', { when }) : say(`clock.state.${one.state}`))
}

/** What no system told, the office itself stated. */
function origin({ source, status }: Clock['events'][number]): string {
  return source === 'office' ? say('clock.by_hand') : `${source}: ${status}`
}

function move(event: Clock['events'][number]): HTMLElement {
  const what = event.effect === null ? say('clock.nothing') : say(`clock.effect.${event.effect}`)
  return el(
    'li',
    {},
    `${moment(event.at)}: ${what} `,
    el('span', { class: 'aside' }, `(${origin(event)})`),
  )
}
