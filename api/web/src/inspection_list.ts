/** Inspections as rows: the permit, when, and how far. */

import { el } from './dom'
import { day, moment, percent } from './format'
import type { Inspection, Listed, ReviewState } from './service/answers'
import { ask } from './service/api'
import { say } from './wording'

export const OPEN = ['submitted', 'running']
const KINDS: Record<ReviewState, string> = {
  open: '',
  approved: 'good',
  declined: 'bad',
  returned: 'doubt',
}

/** Rows that grow by the next page when asked. */
export async function inspectionList(
  asked: Record<string, string>,
  signal: AbortSignal,
): Promise<HTMLElement | null> {
  const rows = el('ul', { class: 'rows' })
  const more = el('button', { type: 'button', onclick: () => void add() }, say('list.more'))
  let after: string | null = null

  async function add(): Promise<void> {
    const query = new URLSearchParams(after === null ? asked : { ...asked, after })
    const page = await ask<Listed<Inspection>>(`/inspections?${query}`, { signal })
    rows.append(...page.items.map(row))
    after = page.after
    more.hidden = after === null
  }

  await add()
  return rows.childElementCount === 0 ? null : el('div', {}, rows, more)
}

function row(one: Inspection): HTMLElement {
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('a', { href: `#/inspection/${one.id}` }, one.permit_reference),
      el('div', {}, flightOf(one)),
      el('div', { class: 'aside' }, say('inspection.asked', { when: moment(one.created_at) })),
    ),
    stateTag(one, true),
  )
}

/** The flight by which inspections of one permit are told apart: of when, and what its file is called. */
export function flightOf({ flight_name: name, flown_at }: Inspection): string {
  if (flown_at === null) return say('timeline.flight', { name })
  return say('list.flight', { name, day: day(flown_at) })
}

/** How far an inspection is. */
export type Standing = Pick<Inspection, 'state' | 'step' | 'share' | 'review'>

/** The state alone, or with the step that is under way; of a result, what was decided of it. */
export function stateTag(one: Standing, withStep = false): HTMLElement {
  if (one.review !== null)
    return el(
      'span',
      { class: `tag ${KINDS[one.review]}` },
      say(`inspection.review_state.${one.review}`),
    )
  const kind = one.state === 'done' ? 'good' : OPEN.includes(one.state) ? '' : 'bad'
  const step = withStep && one.state === 'running' && one.step
  const words = say(`inspection.state.${one.state}`)
  const more = step ? ` · ${say(`inspection.step.${step}`)} ${percent(one.share)}` : ''
  return el('span', { class: `tag ${kind}` }, words + more)
}
