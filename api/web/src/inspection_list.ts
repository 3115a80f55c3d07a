/** Inspections as rows: the permit, when, and how far. */

import { el } from './dom'
import { moment, percent } from './format'
import type { Inspection, Listed } from './service/answers'
import { ask } from './service/api'
import { say } from './wording'

export const OPEN = ['submitted', 'running']

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
      el('div', { class: 'aside' }, moment(one.created_at)),
    ),
    stateTag(one, true),
  )
}

/** The state alone, or with the step that is under way. */
export function stateTag(one: Inspection, withStep = false): HTMLElement {
  const kind = one.state === 'done' ? 'good' : OPEN.includes(one.state) ? '' : 'bad'
  const step = withStep && one.state === 'running' && one.step
  const words = say(`inspection.state.${one.state}`)
  const more = step ? ` · ${say(`inspection.step.${step}`)} ${percent(one.share)}` : ''
  return el('span', { class: `tag ${kind}` }, words + more)
}
