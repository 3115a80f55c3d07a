/** What was done: narrowed by who, what, to what and when; the address keeps what was asked. */

import { el, fill } from '../dom'
import { atOffice, moment } from '../format'
import { notice } from '../notice'
import type { Listed } from '../service/answers'
import { ask } from '../service/api'
import type { AuditEvent } from '../service/audit'
import type { Person } from '../service/office'
import { type Key, say } from '../wording'
import { DEEDS } from './deeds'
import { factsOf, kindOf } from './event_facts'

const ASKED = ['actor', 'action', 'subject_id', 'since', 'until'] as const

export async function eventsPart(
  wanted: URLSearchParams,
  people: Person[],
  left: AbortSignal,
): Promise<HTMLElement> {
  const names = new Map(people.map((one) => [one.id, one]))
  const rows = el('ul', { class: 'rows' })
  const said = el('div', {})
  const more = el('button', { type: 'button', onclick: () => void add() }, say('list.more'))
  let after: string | null = null

  async function add(): Promise<void> {
    more.disabled = true
    try {
      const page: Listed<AuditEvent> = await ask(`/audit/events?${asked(wanted, after)}`, {
        signal: left,
      })
      rows.append(...page.items.map((one) => row(one, names)))
      after = page.after
      more.hidden = after === null
    } catch (error) {
      more.hidden = true
      if (!left.aborted) fill(said, notice(error))
    } finally {
      more.disabled = false
    }
  }

  await add()
  rows.hidden = rows.childElementCount === 0
  if (rows.hidden && said.childElementCount === 0)
    fill(said, el('p', { class: 'card empty' }, say('audit.none')))
  return el(
    'section',
    { 'aria-labelledby': 'events-title' },
    el('h2', { id: 'events-title' }, say('audit.events')),
    el('p', { class: 'aside' }, say('audit.roles_now')),
    filters(wanted, people),
    said,
    rows,
    more,
  )
}

/** As the service asks for it: moments of the office's clock become those of a zone. */
function asked(wanted: URLSearchParams, after: string | null): URLSearchParams {
  const query = new URLSearchParams({ size: '50' })
  for (const name of ASKED) {
    const value = wanted.get(name) ?? ''
    if (value === '') continue
    const at = name === 'since' || name === 'until' ? atOffice(value) : null
    query.set(name, at === null ? value : at.toISOString())
  }
  if (after !== null) query.set('after', after)
  return query
}

function filters(wanted: URLSearchParams, people: Person[]): HTMLFormElement {
  const actor = choice(
    'actor',
    say('audit.anybody'),
    wanted,
    people.map((one) => [one.id, one.name]),
  )
  const deeds = DEEDS.map((one): [string, string] => [one, deedNamed(one)])
  const action = choice('action', say('audit.anything'), wanted, deeds)
  const input = (name: string, type: string) =>
    el('input', { name, type, value: wanted.get(name) ?? '', autocomplete: 'off', maxlength: 128 })
  const [since, until] = [input('since', 'datetime-local'), input('until', 'datetime-local')]
  function compare(): void {
    const isTurned = since.value !== '' && until.value !== '' && since.value > until.value
    until.setCustomValidity(isTurned ? say('audit.turned') : '')
  }
  for (const one of [since, until]) one.addEventListener('input', compare)
  compare()
  function look(event: Event): void {
    event.preventDefault()
    const query = new URLSearchParams()
    for (const [name, value] of new FormData(form)) {
      const text = String(value).trim()
      if (text !== '') query.set(name, text)
    }
    location.hash = `#/audit/${encodeURIComponent(query.toString())}`
  }
  const form = el(
    'form',
    { class: 'card filters', role: 'search', onsubmit: look },
    el('label', {}, say('audit.who'), actor),
    el('label', {}, say('audit.what'), action),
    el('label', {}, say('audit.which'), input('subject_id', 'text')),
    el('label', {}, say('audit.since'), since),
    el('label', {}, say('audit.until'), until),
    el(
      'div',
      { class: 'line' },
      el('button', {}, say('audit.look')),
      el('a', { class: 'button', href: '#/audit' }, say('audit.all')),
    ),
  )
  return form
}

function choice(
  name: string,
  nothing: string,
  wanted: URLSearchParams,
  options: [string, string][],
): HTMLSelectElement {
  const value = wanted.get(name) ?? ''
  const known = options.some(([one]) => one === value) || value === ''
  // What an address names and nobody here is called stays asked for: the service says what it is.
  const every: [string, string][] = known ? options : [...options, [value, value]]
  const field = el('select', { name }, el('option', { value: '' }, nothing))
  for (const [one, label] of every)
    field.append(el('option', { value: one, selected: one === value }, label))
  return field
}

function row(one: AuditEvent, names: Map<string, Person>): HTMLElement {
  const person = one.actor === null ? undefined : names.get(one.actor)
  const who =
    person === undefined
      ? (one.actor ?? say('audit.itself'))
      : `${person.name} (${person.roles.map((role) => say(`people.role.${role}`)).join(', ') || person.login})`
  const only = new URLSearchParams({ subject_id: one.subject_id })
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('strong', {}, deedNamed(one.action)),
      el('div', { class: 'aside' }, `${one.seq} · ${moment(one.at)} · ${who}`),
      el(
        'div',
        {},
        `${kindOf(one.subject_kind)} ${one.subject_name ?? ''} `,
        el(
          'a',
          { class: 'mono', href: `#/audit/${encodeURIComponent(only.toString())}` },
          one.subject_id,
        ),
      ),
      factsOf(one.facts),
      one.facts === null && el('span', { class: 'tag bad' }, say('audit.damaged')),
    ),
  )
}

function deedNamed(action: string): string {
  return DEEDS.some((one) => one === action) ? say(`deed.${action}` as Key) : action
}
