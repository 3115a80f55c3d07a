/** What is known of a permit: what counts, who says so and since when; where sources differ, all of it. */

import { el } from '../dom'
import { day, moment } from '../format'
import type { PermitRecord, Stated, Value } from '../service/record'
import { say } from '../wording'
import { fieldName, inOrder, nameKind, written } from './written'

export function valuesPart(permit: PermitRecord): HTMLElement {
  const fields = inOrder(Object.keys(permit.values))
  const differ = fields.filter((name) => permit.values[name]?.is_conflict).length
  const rows = fields.map((name) => row(name, permit.values[name] as Value))
  return el(
    'section',
    { class: 'card', 'aria-labelledby': 'values-title' },
    el('h2', { id: 'values-title' }, say('permit.values')),
    differ > 0 && el('p', { class: 'differ' }, say('permit.conflicts', { count: differ })),
    rows.length > 0
      ? el('dl', { class: 'onrecord' }, ...rows)
      : el('p', { class: 'aside' }, say('permit.no_values')),
    names(permit),
  )
}

function row(name: string, said: Value): HTMLElement {
  const isOpen = said.is_conflict && said.correction === null
  const isPlain = said.stated.length === 1 && said.correction === null
  const counts = isOpen
    ? el('span', { class: 'tag doubt' }, say('permit.conflict'))
    : el('strong', {}, written(name, said.value))
  const told = el(
    'dd',
    {},
    counts,
    said.correction !== null && correction(said.correction),
    ...said.stated.map((one) =>
      el(
        'div',
        { class: 'aside' },
        isPlain ? origin(one) : `${written(name, one.value)} — ${origin(one)}`,
      ),
    ),
  )
  return el('div', {}, el('dt', {}, fieldName(name)), told)
}

function correction(said: { reason: string; at: string }): HTMLElement {
  const words = say('permit.corrected', { when: day(said.at), reason: said.reason })
  return el('div', { class: 'corrected' }, `✎ ${words}`)
}

function origin(one: Stated): string {
  return `${one.source}, ${moment(one.at)} (${place(one.where)})`
}

/** Where in a file it stands: what the record counts in is said in the reader's words. */
function place(where: string): string {
  const known = /^(feature|line) (\d+)(?:, (.+))?$/.exec(where)
  if (known === null) return where
  const [, kind, number = '', name] = known
  const what = say(kind === 'feature' ? 'permit.where.feature' : 'permit.where.line', { number })
  return name === undefined ? what : `${what}, ${say('permit.where.column', { name })}`
}

/** Numbers by which other systems know the permit. */
function names(permit: PermitRecord): HTMLElement | null {
  if (permit.names.length === 0) return null
  return el(
    'dl',
    { class: 'onrecord' },
    ...permit.names.map((one) =>
      el('div', {}, el('dt', {}, nameKind(one.kind)), el('dd', {}, one.value)),
    ),
  )
}

export function limitsPart(permit: PermitRecord): HTMLElement {
  const rows = permit.limits.map((one) => {
    const value =
      one.value === null ? say('permit.no_limit') : `${written('', one.value)} ${one.unit}`
    const from = one.valid_from && say('permit.from', { day: day(one.valid_from) })
    const until = one.valid_until && say('permit.until', { day: day(one.valid_until) })
    return el(
      'div',
      {},
      el(
        'dt',
        {},
        one.code === 'max_disturbed_ha' ? say('permit.limit.max_disturbed_ha') : one.code,
      ),
      el(
        'dd',
        {},
        el('strong', {}, value),
        el('div', { class: 'aside' }, [one.source, from, until].filter(Boolean).join(', ')),
      ),
    )
  })
  return el(
    'section',
    { class: 'card', 'aria-labelledby': 'limits-title' },
    el('h2', { id: 'limits-title' }, say('permit.limits')),
    rows.length > 0
      ? el('dl', { class: 'onrecord' }, ...rows)
      : el('p', { class: 'aside' }, say('permit.no_limits')),
  )
}
