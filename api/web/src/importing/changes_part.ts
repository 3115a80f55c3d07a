/** What a file brings: the counts first, then what a person should look at, then all others. */

import { el } from '../dom'
import { number } from '../format'
import { told } from '../notice'
import { fieldName, nameKind } from '../permit/written'
import type { Change, Imported, PermitChange } from '../service/imports'
import { say } from '../wording'
import { folded } from './folded'
import { shown } from './shown'

type Kind = (typeof KINDS)[number]

const COUNTS = ['new', 'changed', 'conflicting', 'unclear', 'refused'] as const

/** Those that a person should look at come before the others. */
const KINDS = ['unclear', 'conflicting', 'changed', 'new'] as const

/** With the button that takes it in, where there is something to take. */
export function changesPart(imported: Imported, take: HTMLButtonElement | null): HTMLElement[] {
  const { permits, problems } = imported
  const all = imported.new + imported.changed + imported.unclear
  return [
    el(
      'div',
      { class: 'card' },
      verdict(imported),
      counts(imported),
      dropped(imported),
      notRead(imported),
      take,
    ),
    el(
      'section',
      { hidden: problems.length === 0 },
      el('h2', {}, say('import.problems')),
      problems.length < imported.told && first(problems.length, imported.told),
      folded(problems, problem),
    ),
    el(
      'section',
      { hidden: permits.length === 0 },
      el('h2', {}, say('import.permits')),
      permits.length < all && first(permits.length, all),
      ...KINDS.map((kind) => group(kind, permits)),
    ),
  ]
}

function first(shown: number, all: number): HTMLElement {
  return el(
    'p',
    { class: 'aside' },
    say('import.first', { shown: number(shown), all: number(all) }),
  )
}

function group(kind: Kind, permits: PermitChange[]): HTMLElement | null {
  const found = permits.filter((one) => kindOf(one) === kind)
  if (found.length === 0) return null
  const title = say(`import.group.${kind}`, { count: number(found.length) })
  const why = kind === 'unclear' ? waiting(found) : []
  return el('section', {}, el('h3', {}, title), ...why, folded(found, row))
}

/** Why nothing is done with these, and what one can do: said once for all of them. */
function waiting(found: PermitChange[]): HTMLElement[] {
  const twice = found.some((one) => one.candidates.length === 0)
  const known = found.some((one) => one.candidates.length > 0)
  const words = [twice && say('import.twice'), known && say('import.may_be')]
  return words.filter((one) => one !== false).map((one) => el('p', { class: 'aside' }, one))
}

function problem(one: Imported['problems'][number]): HTMLElement {
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      one.where !== null && el('div', { class: 'mono' }, one.where),
      el('div', {}, one.message),
      el('div', { class: 'aside' }, one.hint),
    ),
  )
}

function verdict(imported: Imported): HTMLElement {
  if (imported.was_taken) return told('plain', say('import.was_taken'))
  if (imported.import_id !== null) return told('good', say('import.done'))
  const nothing = imported.new + imported.changed + imported.unclear === 0
  return nothing
    ? told('plain', say(imported.not_read.length > 0 ? 'import.nothing_read' : 'import.nothing'))
    : told('doubt', say('import.dry'), say('import.dry_hint'))
}

function counts(imported: Imported): HTMLElement {
  const rows = COUNTS.map((name) =>
    el('div', {}, el('dt', {}, say(`import.count.${name}`)), el('dd', {}, number(imported[name]))),
  )
  const read = el(
    'div',
    {},
    el('dt', {}, say('import.count.records')),
    el('dd', {}, number(imported.records)),
  )
  return el('dl', { class: 'counts' }, read, ...rows)
}

/** Personal data is not even shown: only how often it was there. */
function dropped(imported: Imported): HTMLElement | null {
  const names = Object.entries(imported.dropped).filter(([, count]) => count > 0)
  if (names.length === 0) return null
  const said = names.map(([name, count]) => `${name} (${number(count)})`).join(', ')
  return el('p', { class: 'aside' }, say('import.dropped', { names: said }))
}

/** What the file has and nobody asked for: a person may have meant it for something. */
function notRead(imported: Imported): HTMLElement | null {
  if (imported.not_read.length === 0) return null
  const said = imported.not_read
    .map(({ name, count, likely }) =>
      likely === null
        ? `${name} (${number(count)})`
        : say('import.likely', { name, count: number(count), likely }),
    )
    .join(', ')
  const part = told('doubt', say('import.not_read', { names: said }), say('import.not_read_hint'))
  part.append(el('a', { href: '#/mappings' }, say('import.mappings')))
  return part
}

function kindOf(one: PermitChange): Kind {
  if (one.is_unclear) return 'unclear'
  if (one.changes.some((change) => change.differs_from.length > 0)) return 'conflicting'
  return one.permit_id === null ? 'new' : 'changed'
}

function row(one: PermitChange): HTMLElement {
  const kind = kindOf(one)
  const sure = kind === 'unclear' || kind === 'conflicting' ? 'doubt' : ''
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('strong', {}, one.reference),
      one.is_unclear && apart(one),
      one.is_unclear && maybe(one),
      !one.is_unclear &&
        one.changes.length > 0 &&
        el(
          'details',
          { open: kind === 'conflicting' },
          el('summary', {}, say('import.values', { count: number(one.changes.length) })),
          el('ul', { class: 'changes' }, ...one.changes.map(changed)),
        ),
      one.new_boundary !== null &&
        el('div', { class: 'aside' }, say('import.boundary', { sequence: one.new_boundary })),
    ),
    el('span', { class: `tag ${sure}` }, say(`import.kind.${kind}`)),
  )
}

/** What tells it from others of the same number, and where it stands in the file. */
function apart(one: PermitChange): HTMLElement {
  const names = one.names
    .filter(([, value]) => value !== one.reference)
    .map(([kind, value]) => `${nameKind(kind)}: ${value}`)
  const said = one.where === null ? names : [...names, one.where]
  return el('div', {}, said.join(' · '))
}

/** The permits that it may be; none where the file itself is unclear. */
function maybe(one: PermitChange): HTMLElement | null {
  if (one.candidates.length === 0) return null
  const links = one.candidates.map((id, place) =>
    el('a', { href: `#/permit/${id}` }, say('import.candidate', { place: number(place + 1) })),
  )
  return el('div', { class: 'line' }, ...links)
}

function changed(one: Change): HTMLElement {
  const before = one.before.map((value) => shown(one.field, value)).join('; ')
  const others = one.differs_from.map(([source, value]) =>
    el('div', { class: 'aside' }, say('import.other', { source, value: shown(one.field, value) })),
  )
  return el(
    'li',
    {},
    el('span', { class: 'aside' }, `${fieldName(one.field)}: `),
    before !== '' && el('del', {}, before),
    before !== '' && ' → ',
    shown(one.field, one.value),
    ...others,
  )
}
