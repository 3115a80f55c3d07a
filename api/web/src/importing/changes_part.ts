/** What a file brings: the counts first, then what a person should look at, then all others. */

import { el } from '../dom'
import { number } from '../format'
import { told } from '../notice'
import { fieldName } from '../permit/written'
import type { Change, Imported, PermitChange } from '../service/imports'
import { say } from '../wording'
import { shown } from './shown'

const COUNTS = ['new', 'changed', 'conflicting', 'unclear', 'refused'] as const

/** With the button that takes it in, where there is something to take. */
export function changesPart(imported: Imported, take: HTMLButtonElement | null): HTMLElement[] {
  const { permits, problems } = imported
  const all = imported.new + imported.changed + imported.unclear
  return [
    el('div', { class: 'card' }, verdict(imported), counts(imported), dropped(imported), take),
    el(
      'section',
      { hidden: permits.length === 0 },
      el('h2', {}, say('import.permits')),
      permits.length < all &&
        el(
          'p',
          { class: 'aside' },
          say('import.first', { shown: number(permits.length), all: number(all) }),
        ),
      el('ul', { class: 'rows' }, ...permits.map(row)),
    ),
    el(
      'section',
      { hidden: problems.length === 0 },
      el('h2', {}, say('import.problems')),
      problems.length < imported.told &&
        el(
          'p',
          { class: 'aside' },
          say('import.first', { shown: number(problems.length), all: number(imported.told) }),
        ),
      el(
        'ul',
        { class: 'rows' },
        ...problems.map((one) =>
          el(
            'li',
            {},
            el(
              'div',
              { class: 'what' },
              one.where !== null && el('div', { class: 'mono' }, one.where),
              el('div', {}, one.message),
              el('div', { class: 'aside' }, one.hint),
            ),
          ),
        ),
      ),
    ),
  ]
}

function verdict(imported: Imported): HTMLElement {
  if (imported.was_taken) return told('plain', say('import.was_taken'))
  if (imported.import_id !== null) return told('good', say('import.done'))
  const nothing = imported.new + imported.changed + imported.unclear === 0
  return nothing
    ? told('plain', say('import.nothing'))
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

function row(one: PermitChange): HTMLElement {
  const conflicts = one.changes.some((change) => change.differs_from.length > 0)
  const kind = one.is_unclear
    ? 'unclear'
    : conflicts
      ? 'conflicting'
      : one.permit_id === null
        ? 'new'
        : 'changed'
  const sure = kind === 'unclear' || kind === 'conflicting' ? 'doubt' : ''
  const words = el('strong', {}, one.reference)
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      words,
      one.is_unclear
        ? el('div', { class: 'aside' }, why(one))
        : one.changes.length > 0 &&
            el(
              'details',
              { open: conflicts },
              el('summary', {}, say('import.values', { count: number(one.changes.length) })),
              el('ul', { class: 'changes' }, ...one.changes.map(changed)),
            ),
      one.new_boundary !== null &&
        el('div', { class: 'aside' }, say('import.boundary', { sequence: one.new_boundary })),
    ),
    el('span', { class: `tag ${sure}` }, say(`import.kind.${kind}`)),
  )
}

function why(one: PermitChange): string {
  return say(one.candidates.length > 0 ? 'import.may_be' : 'import.twice')
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
