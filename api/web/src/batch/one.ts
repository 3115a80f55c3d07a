/** One batch, watched: how many are how far, each row with what came of it, and what failed again. */

import { el, fill } from '../dom'
import { moment, number } from '../format'
import { stateTag } from '../inspection_list'
import { notice } from '../notice'
import type { Page } from '../pages'
import { type Batch, batch, type Counted, type Item, retryFailed } from '../service/batches'
import { hasRole } from '../service/session'
import { say } from '../wording'
import { follow, isOpen } from './watch'

const ORDER = [
  'done',
  'running',
  'submitted',
  'failed',
  'quarantined',
  'refused',
  'cancelled',
] as const
const AGAIN: (string | null)[] = ['failed', 'quarantined']
const AMISS: (string | null)[] = [null, 'failed', 'quarantined', 'refused', 'cancelled']
const SHOWN = 50
const IN_TABLE = /(?:^line |^feature |!)(\d+)$/

/** How many are how far, in words. */
export function counts({ states, refused }: Counted): string {
  const known = ORDER.filter((one) => (states[one] ?? 0) > 0).map(
    (one) => `${say(`inspection.state.${one}`)}: ${number(states[one] ?? 0)}`,
  )
  if (refused > 0) known.push(`${say('batches.not_started')}: ${number(refused)}`)
  return known.join(' · ')
}

export async function oneBatch(id: string, left: AbortSignal): Promise<Page> {
  const first = await batch(id, left)
  const title = say('batches.of', { when: moment(first.created_at) })
  const state = el('section', { class: 'card', 'aria-live': 'polite' })
  const said = el('div', {})
  const rows = el('ul', { class: 'rows' })
  const amiss = el('input', { type: 'checkbox', name: 'amiss' })
  const more = el('button', { type: 'button', class: 'unfolds' }, say('list.more'))
  let now = first
  let most = SHOWN

  const draw = (to: Batch) => {
    now = to
    const shown = to.items.filter((one) => !amiss.checked || AMISS.includes(one.state))
    fill(state, ...summary(to, () => void again()))
    fill(rows, ...shown.slice(0, most).map(row))
    rows.hidden = shown.length === 0
    more.hidden = shown.length <= most
  }
  const again = async () => {
    try {
      draw(await retryFailed(id))
      fill(said)
      void follow(now, draw, left)
    } catch (error) {
      fill(said, notice(error))
    }
  }
  amiss.addEventListener('change', () => draw(now))
  more.addEventListener('click', () => {
    most += SHOWN
    draw(now)
  })
  draw(first)
  void follow(first, draw, left)
  return {
    title,
    body: [
      el('h1', {}, title),
      el('p', { class: 'lead' }, el('a', { href: '#/batches' }, say('batches.all'))),
      state,
      said,
      el('label', { class: 'tick' }, amiss, say('batches.only_amiss')),
      rows,
      more,
    ],
  }
}

function summary(now: Batch, again: () => void): HTMLElement[] {
  const all = now.items.length
  const over = now.items.filter((one) => one.state !== 'submitted' && one.state !== 'running')
  const failed = now.items.filter((one) => AGAIN.includes(one.state)).length
  const words = say(isOpen(now) ? 'batches.under_way' : 'batches.over', {
    over: number(over.length),
    all: number(all),
  })
  const parts = [
    el('p', { class: 'answer' }, words),
    el('progress', { max: all, value: over.length, 'aria-label': words }),
    el('p', {}, counts(now)),
  ]
  if (failed > 0 && hasRole('inspector', 'gis')) {
    const button = el(
      'button',
      { type: 'button' },
      say('batches.retry', { failed: number(failed) }),
    )
    button.addEventListener('click', () => {
      button.disabled = true
      again()
    })
    parts.push(el('p', {}, button))
  }
  return parts
}

function row(one: Item): HTMLElement {
  const { state, problem, permit_reference: name } = one
  // Of a row of a table, the line in it; of others, their place among those that were sent.
  const line = IN_TABLE.exec(problem?.where ?? '')?.[1] ?? one.position + 1
  const heading = name ?? say('batches.row', { row: number(Number(line)) })
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      one.inspection_id === null
        ? el('strong', {}, heading)
        : el('a', { href: `#/inspection/${one.inspection_id}` }, heading),
      one.flight_name !== null && el('div', { class: 'aside' }, one.flight_name),
      problem !== null && el('div', {}, problem.message),
      problem !== null && el('div', { class: 'aside' }, problem.hint),
    ),
    state === null
      ? el('span', { class: 'tag bad' }, say('batches.not_started'))
      : stateTag({ ...one, state }, true),
  )
}
