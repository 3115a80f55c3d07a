/** All that is on record of a permit: what is known of it, its ground, its clocks, and what happened. */

import { el } from '../dom'
import type { Page, Visit } from '../pages'
import { clocksPart } from '../permit/clocks_part'
import { codesPart } from '../permit/codes_part'
import { groundPart } from '../permit/ground_part'
import { timeLine } from '../permit/timeline'
import { limitsPart, valuesPart } from '../permit/values_part'
import { recordOf } from '../service/record'
import { hasRole } from '../service/session'
import { say } from '../wording'
import '../styles/permit.css'

export async function show({ rest, left }: Visit): Promise<Page> {
  const permit = await recordOf(rest[0] ?? '', left)
  const holder = permit.values.holder_name?.value
  const title = say('permit.title', { permit: permit.reference })
  const body = [
    el('h1', {}, title),
    el(
      'div',
      { class: 'line lead' },
      typeof holder === 'string' && el('span', {}, holder),
      hasRole('inspector', 'gis') &&
        el('a', { class: 'button', href: `#/upload/${permit.id}` }, say('upload.menu')),
    ),
    el(
      'div',
      { class: 'record' },
      el('div', {}, timeLine(permit), groundPart(permit, left)),
      el(
        'div',
        {},
        valuesPart(permit),
        limitsPart(permit),
        clocksPart(permit, left),
        codesPart(permit, left),
      ),
    ),
  ]
  return { title, body }
}
