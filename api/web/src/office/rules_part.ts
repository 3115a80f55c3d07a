/** The numbers that decide: who says so, of which day, and what stands behind each. */

import { el, fill } from '../dom'
import { day, figure } from '../format'
import { notice } from '../notice'
import { ask } from '../service/api'
import { has, type Key, say } from '../wording'

interface Profile {
  name: string
  title: string
  version: string
  authority: string
  source: string
  is_used: boolean
}

interface Sheet extends Profile {
  numbers: { name: string; value: unknown; sure: Sure | null; source: string | null }[]
  left_out: { name: string; source: string }[]
}

/** The unit is the end of a number's name. */
const UNITS: [string, string][] = [
  ['_m2', 'm²'],
  ['_km', 'km'],
  ['_mm', 'mm'],
  ['_px', 'px'],
  ['_arcsec', '″'],
  ['_m', 'm'],
]

type Sure = 'text' | 'derived' | 'secondary' | 'own' | 'unverified'

export async function rulesPart(left: AbortSignal): Promise<HTMLElement> {
  const profiles = await ask<Profile[]>('/profiles', { signal: left })
  const cards = profiles
    .sort((one, other) => Number(other.is_used) - Number(one.is_used))
    .map((one) => card(one, left))
  return el('div', {}, el('p', { class: 'lead' }, say('office.rules_lead')), ...cards)
}

function card(one: Profile, left: AbortSignal): HTMLElement {
  const inside = el('div', {})
  const fold = el('details', {}, el('summary', {}, say('office.numbers')), inside)
  fold.addEventListener('toggle', () => {
    if (fold.open && inside.childElementCount === 0) void read()
  })
  async function read(): Promise<void> {
    try {
      fill(inside, table(await ask<Sheet>(`/profiles/${one.name}`, { signal: left })))
    } catch (error) {
      if (!left.aborted) fill(inside, notice(error))
    }
  }
  return el(
    'section',
    { class: 'card' },
    el(
      'div',
      { class: 'head' },
      el('h2', {}, one.title || one.name),
      one.is_used && el('span', { class: 'tag good' }, say('office.used')),
    ),
    el('p', {}, `${one.authority} · ${day(one.version)}`),
    one.source !== '' && el('p', { class: 'aside' }, one.source),
    fold,
  )
}

function table(sheet: Sheet): HTMLElement {
  const rows = sheet.numbers.map((one) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, labelOf(one.name)),
      el('td', {}, withUnit(one.name, one.value)),
      el(
        'td',
        {},
        el('span', {}, say(`office.sure.${one.sure ?? 'own'}`)),
        one.source !== null && el('div', { class: 'aside' }, one.source),
      ),
    ),
  )
  const left = sheet.left_out.map((one) => el('li', {}, `${labelOf(one.name)} · ${one.source}`))
  return el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': say('office.numbers') },
    el(
      'table',
      {},
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          el('th', { scope: 'col' }, say('office.number')),
          el('th', { scope: 'col' }, say('office.value')),
          el('th', { scope: 'col' }, say('office.behind')),
        ),
      ),
      el('tbody', {}, ...rows),
    ),
    left.length > 0 && el('p', {}, say('office.left_out')),
    left.length > 0 && el('ul', {}, ...left),
  )
}

/** A number of an office's own file may have a name that has no words here. */
function labelOf(name: string): string {
  return has(`rule.${name}`) ? say(`rule.${name}` as Key) : name
}

function withUnit(name: string, value: unknown): string {
  const unit = UNITS.find(([end]) => name.endsWith(end))?.[1]
  return unit === undefined ? shown(value) : `${shown(value)} ${unit}`
}

function shown(value: unknown): string {
  if (typeof value === 'number') return figure(value)
  return Array.isArray(value) ? value.map(shown).join('; ') : String(value)
}
