/** An inspector's own flights: what waits on this device, and what the service does with the rest. */

import { el } from '../dom'
import { bytes, percent } from '../format'
import { inspectionList } from '../inspection_list'
import type { Page, Visit } from '../pages'
import { whoever } from '../service/session'
import { arrivedOf, draftOf, sizeOf } from '../upload/draft'
import { say } from '../wording'

export async function show({ left }: Visit): Promise<Page> {
  const me = whoever()?.user_id ?? ''
  const list = await inspectionList({ submitted_by: me }, left)
  const title = say('flights.title')
  const empty = el(
    'div',
    { class: 'card empty' },
    el('p', {}, say('flights.empty')),
    el('a', { class: 'button main', href: '#/upload' }, say('upload.menu')),
  )
  return { title, body: [el('h1', {}, title), begun(me), list ?? empty] }
}

/** What was begun on this device and is not all there yet. */
function begun(user: string): Node {
  const draft = draftOf(user)
  if (draft.files.length === 0) return document.createTextNode('')
  const share = arrivedOf(draft) / Math.max(1, sizeOf(draft))
  return el(
    'section',
    { class: 'card' },
    el('h2', {}, say('flights.begun', { permit: draft.permit?.reference ?? '–' })),
    el('progress', { max: 1, value: share, 'aria-label': say('upload.arrived') }),
    el(
      'p',
      { class: 'aside' },
      say('flights.arrived', { share: percent(share), size: bytes(sizeOf(draft)) }),
    ),
    el('a', { class: 'button', href: '#/upload' }, say('flights.go_on')),
  )
}
