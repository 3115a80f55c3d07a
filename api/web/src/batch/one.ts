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
import { whatIfForm } from './what_if'

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

/** What a batch is called: by its file, and when it was sent. */
export function called({ table_name: name, created_at: at }: Counted): string {
  const when = moment(at)
  return name === null ? say('batches.of', { when }) : say('batches.named', { name, when })
}

export async function oneBatch(id: string, left: AbortSignal): Promise<Page> {
  const first = await batch(id, left)
  const title = called(first)
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
      ...(await whatIf(first, left)),
    ],
  }
}

/** Other rules can be tried once there is a result to hold them against. */
async function whatIf(now: Batch, left: AbortSignal): Promise<HTMLElement[]> {
  if ((now.states.done ?? 0) === 0 || !hasRole('inspector', 'gis')) return []
  return [await whatIfForm(now.id, left)]
}

function summary(now: Batch, again: () => void): HTMLElement[] {
  // What was never started is not over either: it is counted apart.
  const started = now.items.filter((one) => one.state !== null)
  const all = started.length
  const over = started.filter((one) => one.state !== 'submitted' && one.state !== 'running')
  const failed = now.items.filter((one) => AGAIN.includes(one.state)).length
  const words = say(isOpen(now) ? 'batches.under_way' : 'batches.over', {
    over: number(over.length),
    all: number(all),
  })
  const parts: HTMLElement[] = [el('p', {}, counts(now))]
  if (all > 0) {
    parts.unshift(
      el('p', { class: 'answer' }, words),
      el('progress', { max: all, value: over.length, 'aria-label': words }),
    )
  }
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
  // Of those that came without a table, or before its rows were kept, their place or their line.
  const line = one.row ?? IN_TABLE.exec(problem?.where ?? '')?.[1] ?? one.position + 1
  const place = say('batches.row', { row: number(Number(line)) })
  const heading = one.row === null ? (name ?? place) : `${place}: ${name ?? '–'}`
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
