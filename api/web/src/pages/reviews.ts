/** What waits for a reviewer, the longest first; and what was returned. */

import { el } from '../dom'
import { moment } from '../format'
import type { Page, Visit } from '../pages'
import type { Inspection } from '../service/answers'
import { waiting } from '../service/reviews'
import { whoever } from '../service/session'
import { say } from '../wording'

export async function show({ left }: Visit): Promise<Page> {
  const [open, returned] = await Promise.all([waiting('open', left), waiting('returned', left)])
  const title = say('reviews.title')
  const own = open.filter(isOwn).length
  const counted = say('reviews.counted', { open: open.length - own, own })
  const empty = el(
    'div',
    { class: 'card empty' },
    el('p', {}, say('reviews.empty')),
    el('a', { class: 'button', href: '#/inspections' }, say('inspections.title')),
  )
  const body: Node[] = [el('h1', {}, title)]
  if (open.length === 0) body.push(empty)
  else body.push(el('p', { class: 'lead' }, counted), rows(open))
  if (returned.length > 0) body.push(el('h2', {}, say('reviews.returned')), rows(returned))
  return { title, body }
}

function rows(inspections: Inspection[]): HTMLElement {
  return el('ul', { class: 'rows' }, ...inspections.map(row))
}

function row(one: Inspection): HTMLElement {
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('a', { href: `#/inspection/${one.id}` }, one.permit_reference),
      el('div', { class: 'aside' }, say('inspection.asked', { when: moment(one.created_at) })),
    ),
    one.is_comparable === false && el('span', { class: 'tag doubt' }, say('reviews.one_flight')),
    isOwn(one) && el('span', { class: 'tag' }, say('reviews.own')),
  )
}

/** Nobody reviews what they sent. */
function isOwn(one: Inspection): boolean {
  return one.submitted_by === whoever()?.user_id
}
