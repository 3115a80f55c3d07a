/** What an event says besides who, what and when: in the reader's words where these are known. */

import { el } from '../dom'
import { figure, moment } from '../format'
import { has, type Key, say } from '../wording'

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const HASH = /^[0-9a-f]{64}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/

/** Where the words of a fact's value stand, other than in `said`. */
const WORDS: Record<string, string> = {
  field: 'permit.field',
  files: 'upload.role',
  file: 'upload.role',
  action: 'deed',
  kind: 'deed',
  stage: 'permit.stage',
}
/** The log keeps days in whole hundredths, which no rounding changes. */
const HUNDREDTHS = /^(\w+)_hundredths$/

/** All of them but those that say nothing; null where none is left. */
export function factsOf(facts: Record<string, unknown> | null): HTMLElement | null {
  const lines = Object.entries(facts ?? {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) => line(name, value))
  return lines.length === 0 ? null : el('div', { class: 'aside' }, ...lines)
}

function line(name: string, value: unknown): HTMLElement {
  const days = HUNDREDTHS.exec(name)?.[1]
  if (days !== undefined && typeof value === 'number')
    return el('div', {}, `${named(days)}: `, figure(value / 100))
  const many = value !== null && typeof value === 'object' && !Array.isArray(value)
  if (!many) return el('div', {}, `${named(name)}: `, shown(name, value))
  // Of several, each on a line of its own.
  const each = Object.entries(value).map(([of, one]) => {
    const title = name in WORDS ? word(name, of) : named(of)
    return el('li', {}, `${title}: `, shown(of, one))
  })
  return el('div', {}, `${named(name)}:`, el('ul', {}, ...each))
}

/** What kind of thing it is about. */
export function kindOf(name: string): string {
  return has(`subject.${name}`) ? say(`subject.${name}` as Key) : name
}

function named(name: string): string {
  return has(`fact.${name}`) ? say(`fact.${name}` as Key) : name
}

function shown(name: string, value: unknown): Node | string {
  if (typeof value === 'number') return figure(value)
  if (typeof value === 'boolean') return say(value ? 'said.true' : 'said.false')
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.map((one) => word(name, one)).join(', ')
  if (typeof value !== 'string') return el('span', { class: 'mono' }, JSON.stringify(value))
  if (ID.test(value) || HASH.test(value)) return el('span', { class: 'mono' }, value)
  return MOMENT.test(value) ? moment(value) : word(name, value)
}

function word(name: string, value: string): string {
  const keys = [`${WORDS[name] ?? 'said'}.${value}`, `said.${value}`]
  const known = keys.find(has)
  return known === undefined ? value : say(known as Key)
}
