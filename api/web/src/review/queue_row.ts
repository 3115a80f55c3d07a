/** One inspection that waits: what it gives to look at, and how much of the time is used. */

import { el } from '../dom'
import { moment } from '../format'
import { flightOf } from '../inspection_list'
import type { Concern, Queued } from '../service/queue'
import { hasRole, whoever } from '../service/session'
import { say } from '../wording'
import { deadline } from './service_time'

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

function time({ due_at, is_overdue, clock, permit_id }: Queued): HTMLElement {
  if (clock === null)
    return el(
      'div',
      { class: 'time aside' },
      el('div', {}, say('queue.no_clock')),
      hasRole('reviewer', 'gis') && el('a', { href: `#/permit/${permit_id}` }, say('clock.begin')),
    )
  return deadline({ due_at, is_overdue, clock })
}
