/** An inspector's own flights: what is under way, here or elsewhere, and what became of the rest. */

import { el, fill } from '../dom'
import { bytes, moment, percent } from '../format'
import { inspectionList } from '../inspection_list'
import { notice } from '../notice'
import type { Page, Visit } from '../pages'
import type { UploadUnderWay } from '../service/answers'
import { underWay } from '../service/coverage'
import { whoever } from '../service/session'
import { isSure } from '../sure'
import type { Delivery } from '../upload/delivery'
import { arrivedOf, draftOf, sizeOf } from '../upload/draft'
import { say } from '../wording'

export async function show({ left }: Visit): Promise<Page> {
  const me = whoever()?.user_id ?? ''
  const [list, uploads] = await Promise.all([
    inspectionList({ submitted_by: me }, left),
    underWay(left),
  ])
  const title = say('flights.title')
  const empty = el('div', { class: 'card empty' }, el('p', {}, say('flights.empty')), sending())
  // Where there is nothing yet, the empty list offers it.
  const send = list === null ? [] : [el('p', {}, sending())]
  const known = draftOf(me).files.map((one) => one.url?.split('/').at(-1))
  const others = uploads.filter((one) => !known.includes(one.id))
  return {
    title,
    body: [el('h1', {}, title), ...send, begun(me, left), elsewhere(others), list ?? empty],
  }
}

function sending(): HTMLElement {
  return el('a', { class: 'button main', href: '#/upload' }, say('upload.menu'))
}

/** What was begun on this device and is not all there yet. */
function begun(user: string, left: AbortSignal): Node {
  if (draftOf(user).files.length === 0) return document.createTextNode('')
  const card = el('section', { class: 'card' })
  const draw = (delivery: Delivery | null) => {
    const draft = delivery?.draft ?? draftOf(user)
    if (draft.files.length === 0) {
      card.remove()
      return
    }
    const share = arrivedOf(draft) / Math.max(1, sizeOf(draft))
    const isBusy = delivery?.isBusy ?? false
    const drop = el('button', { type: 'button', disabled: isBusy }, say('flights.drop'))
    drop.addEventListener('click', () => void dropAll(user, card))
    fill(
      card,
      el('h2', {}, say('flights.begun', { permit: draft.permit?.reference ?? '–' })),
      el('progress', { max: 1, value: share, 'aria-label': say('upload.arrived') }),
      el(
        'p',
        { class: 'aside' },
        say('flights.arrived', { share: percent(share), size: bytes(sizeOf(draft)) }),
        isBusy && ` ${say('flights.going')}`,
      ),
      el(
        'div',
        { class: 'line' },
        el('a', { class: 'button', href: '#/upload' }, say('flights.go_on')),
        drop,
      ),
    )
  }
  draw(null)
  // What sends is large, and loaded only where there is something to send.
  void import('../upload/delivery').then(({ deliveryOf }) => {
    if (left.aborted) return
    const delivery = deliveryOf(user)
    delivery.addEventListener('change', () => draw(delivery), { signal: left })
    draw(delivery)
  })
  return card
}

async function dropAll(user: string, card: HTMLElement): Promise<void> {
  if (!(await isSure(say('flights.sure'), say('flights.drop')))) return
  const { deliveryOf } = await import('../upload/delivery')
  try {
    await deliveryOf(user).discard()
    document.getElementById('page')?.focus()
  } catch (error) {
    card.append(notice(error))
  }
}

/** Files that the service has a part of, and that this device does not know. */
function elsewhere(uploads: UploadUnderWay[]): Node {
  if (uploads.length === 0) return document.createTextNode('')
  const rows = el('ul', { class: 'rows' })
  const card = el(
    'section',
    { class: 'card' },
    el('h2', {}, say('flights.elsewhere')),
    el('p', { class: 'aside' }, say('flights.elsewhere_hint')),
    rows,
  )
  for (const one of uploads) rows.append(unfinished(one, card))
  return card
}

function unfinished(one: UploadUnderWay, card: HTMLElement): HTMLElement {
  const facts = {
    share: percent(one.received / Math.max(1, one.size)),
    size: bytes(one.size),
    until: moment(one.expires_at),
  }
  const drop = el(
    'button',
    { type: 'button', 'aria-label': say('flights.drop_one', { name: one.name }) },
    say('flights.drop'),
  )
  const row = el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('strong', {}, one.name),
      el('div', { class: 'aside' }, one.permit_reference ?? '–', ' · ', say('flights.kept', facts)),
    ),
    drop,
  )
  drop.addEventListener('click', async () => {
    if (!(await isSure(say('flights.sure'), say('flights.drop')))) return
    drop.disabled = true
    const { giveUp } = await import('../upload/sending')
    try {
      await giveUp(`/uploads/${one.id}`)
      row.remove()
      if (card.querySelector('li') === null) card.remove()
      document.getElementById('page')?.focus()
    } catch (error) {
      drop.disabled = false
      row.append(notice(error))
    }
  })
  return row
}
