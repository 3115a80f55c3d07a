/** One what-if, watched: which published answers would be others, and that none of it is published. */

import { el, fill } from '../dom'
import { moment, number } from '../format'
import { notice, told } from '../notice'
import type { Page } from '../pages'
import { hasRole } from '../service/session'
import {
  type Answered,
  giveUp,
  type State,
  type Trial,
  type Tried,
  type TriedItem,
  trial,
  trialTable,
} from '../service/trials'
import { say } from '../wording'

const LOOK_MS = 3000
const SHOWN = 50
const DIGITS = 2
const ORDER: State[] = ['done', 'running', 'waiting', 'failed', 'cancelled']

/** What a what-if is called: by its rules, and when it was asked for. */
export function triedName({ profile, created_at: at }: Tried): string {
  return say('batches.what_if.named', { profile, when: moment(at) })
}

export async function oneTrial(id: string, left: AbortSignal): Promise<Page> {
  const first = await trial(id, false, left)
  const title = triedName(first)
  const state = el('section', { class: 'card', 'aria-live': 'polite' })
  const said = el('div', {})
  const rows = el('ul', { class: 'rows' })
  const every = el('input', { type: 'checkbox', name: 'every' })
  const more = el('button', { type: 'button', class: 'unfolds' }, say('list.more'))
  let now = first
  let most = SHOWN

  const draw = (to: Trial) => {
    now = to
    fill(state, ...summary(to, () => void end()))
    fill(rows, ...to.items.slice(0, most).map(row))
    rows.hidden = to.items.length === 0
    more.hidden = to.items.length <= most
  }
  const end = async () => {
    try {
      await giveUp(id)
      await look()
    } catch (error) {
      fill(said, notice(error))
    }
  }
  const look = async () => {
    try {
      draw(await trial(id, every.checked, left))
    } catch {
      // The line is down for a while: it is asked again.
    }
  }
  const follow = async () => {
    while (open(now) > 0 && !left.aborted) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      if (!left.aborted) await look()
    }
  }
  every.addEventListener('change', () => void look())
  more.addEventListener('click', () => {
    most += SHOWN
    draw(now)
  })
  draw(first)
  void follow()
  const of = first.batch_id
  return {
    title,
    body: [
      el('h1', {}, title),
      el('p', { class: 'lead' }, say('batches.what_if.never')),
      el(
        'p',
        {},
        of === null
          ? el('a', { href: '#/batches' }, say('batches.all'))
          : el('a', { href: `#/batches/${of}` }, say('batches.what_if.of_batch')),
      ),
      state,
      said,
      el('label', { class: 'tick' }, every, say('batches.what_if.every')),
      rows,
      more,
    ],
  }
}

function open({ states }: Tried): number {
  return (states.waiting ?? 0) + (states.running ?? 0)
}

function summary(now: Trial, end: () => void): HTMLElement[] {
  const counts = ORDER.filter((one) => (now.states[one] ?? 0) > 0)
  const all = counts.reduce((sum, one) => sum + (now.states[one] ?? 0), 0)
  const over = all - open(now)
  const words = say(open(now) > 0 ? 'batches.what_if.under_way' : 'batches.what_if.over', {
    over: number(over),
    all: number(all),
    changed: number(now.changed),
  })
  const parts: HTMLElement[] = [
    el('p', { class: 'answer' }, words),
    el('progress', { max: all, value: over, 'aria-label': words }),
    el(
      'p',
      {},
      counts
        .map((one) => `${say(`batches.what_if.state.${one}`)}: ${number(now.states[one] ?? 0)}`)
        .join(' · '),
    ),
  ]
  if (now.items.some((one) => one.is_other_version)) {
    parts.push(told('doubt', say('batches.what_if.other_version')))
  }
  if (open(now) > 0 && hasRole('inspector', 'gis')) {
    const button = el('button', { type: 'button' }, say('batches.what_if.give_up'))
    button.addEventListener('click', () => {
      button.disabled = true
      end()
    })
    parts.push(el('p', {}, button))
  }
  const files = (['xlsx', 'csv'] as const).map((form) =>
    el('a', { href: trialTable(now.id, form), download: true }, say(`batches.what_if.as.${form}`)),
  )
  parts.push(el('p', { class: 'files' }, ...files))
  return parts
}

function row(one: TriedItem): HTMLElement {
  const others = one.answers.filter((answer) => answer.is_other)
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('a', { href: `#/inspection/${one.inspection_id}` }, one.permit_reference),
      el('div', { class: 'aside' }, one.flight_name),
      ...others.map(change),
      one.answers.length > 0 && el('div', { class: 'aside' }, figures(one)),
      one.problem !== null && el('div', {}, one.problem.message),
      one.problem !== null && el('div', { class: 'aside' }, one.problem.hint),
    ),
    tag(one, others.length),
  )
}

function change({ question, before, after }: Answered): HTMLElement {
  return el(
    'div',
    {},
    el('strong', {}, say(`answers.${question}`)),
    ' ',
    `${say(`reply.${question}.${before}`)} → ${say(`reply.${question}.${after}`)}`,
  )
}

function figures(one: TriedItem): string {
  const ground = (part: string) => {
    const was = one.ledger_before_ha?.[part] ?? null
    const will = one.ledger_after_ha?.[part] ?? null
    return [was, will].map((ha) => (ha === null ? '–' : number(ha, DIGITS))).join(' → ')
  }
  return say('batches.what_if.figures', {
    new: ground('new'),
    standing: ground('standing'),
    findings: [one.findings_before, one.findings_after].map((n) => number(n ?? 0)).join(' → '),
  })
}

function tag({ state }: TriedItem, others: number): HTMLElement {
  if (state === 'done' && others === 0) {
    return el('span', { class: 'tag good' }, say('batches.what_if.same'))
  }
  if (state === 'done') return el('span', { class: 'tag doubt' }, say('batches.what_if.other'))
  const kind = state === 'failed' ? 'tag bad' : 'tag'
  return el('span', { class: kind }, say(`batches.what_if.state.${state}`))
}
