/** What an event says besides who, what and when: in the reader's words where these are known. */

import { el } from '../dom'
import { figure, moment } from '../format'
import { has, type Key, say } from '../wording'

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const HASH = /^[0-9a-f]{64}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/

/** All of them but those that say nothing; null where none is left. */
export function factsOf(facts: Record<string, unknown> | null): HTMLElement | null {
  const lines = Object.entries(facts ?? {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) => el('div', {}, `${named(name)}: `, shown(value)))
  return lines.length === 0 ? null : el('div', { class: 'aside' }, ...lines)
}

/** What kind of thing it is about. */
export function kindOf(name: string): string {
  return has(`subject.${name}`) ? say(`subject.${name}` as Key) : name
}

function named(name: string): string {
  return has(`fact.${name}`) ? say(`fact.${name}` as Key) : name
}

function shown(value: unknown): Node | string {
  if (typeof value === 'number') return figure(value)
  if (typeof value === 'boolean') return say(value ? 'said.true' : 'said.false')
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.map(word).join(', ')
  if (typeof value !== 'string') return el('span', { class: 'mono' }, JSON.stringify(value))
  if (ID.test(value) || HASH.test(value)) return el('span', { class: 'mono' }, value)
  return MOMENT.test(value) ? moment(value) : word(value)
}

function word(value: string): string {
  return has(`said.${value}`) ? say(`said.${value}` as Key) : value
}
