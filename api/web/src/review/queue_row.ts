/** One inspection that waits: what it gives to look at, and how much of the time is used. */

import { el } from '../dom'
import { moment } from '../format'
import { flightOf } from '../inspection_list'
import type { Concern, Queued } from '../service/queue'
import { whoever } from '../service/session'
import { say } from '../wording'
import { used } from './service_time'

const KINDS: Record<Concern, string> = {
  outside: 'bad',
  limits: 'bad',
  uncertain: 'doubt',
  not_comparable: 'doubt',
  unseen: 'doubt',
  unrated: '',
}

export function queueRow(one: Queued): HTMLElement {
  const tags = one.concerns.map((name) =>
    el('span', { class: `tag ${KINDS[name]}` }, say(`queue.concern.${name}`)),
  )
  return el(
    'li',
    { class: one.is_overdue && 'late' },
    el(
      'div',
      { class: 'what' },
      el('a', { href: `#/inspection/${one.id}` }, one.permit_reference),
      el('div', {}, flightOf(one)),
      el('div', { class: 'aside' }, say('inspection.asked', { when: moment(one.created_at) })),
      el(
        'div',
        { class: 'tags' },
        ...tags,
        tags.length === 0 && el('span', { class: 'tag good' }, say('queue.nothing')),
        isOwn(one) && el('span', { class: 'tag' }, say('reviews.own')),
      ),
    ),
    time(one),
  )
}

/** Nobody reviews what they sent. */
function isOwn(one: Queued): boolean {
  return one.submitted_by === whoever()?.user_id
}

function time(one: Queued): HTMLElement {
  const { clock } = one
  if (clock === null) return el('div', { class: 'time aside' }, say('queue.no_clock'))
  return el('div', { class: 'time' }, due(one), used(clock.taken_days, clock.allowed_days))
}

function due(one: Queued): HTMLElement {
  if (one.due_at !== null) {
    const when = moment(one.due_at)
    return one.is_overdue
      ? el('strong', { class: 'overdue' }, say('queue.overdue', { when }))
      : el('strong', {}, say('queue.due', { when }))
  }
  const state = one.clock?.state ?? 'waiting'
  return el('strong', {}, say(`clock.state.${state}`))
}
