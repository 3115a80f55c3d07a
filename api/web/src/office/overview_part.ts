/** The office as its installation knows it, and the laptops whose parcels it takes. */

import { el } from '../dom'
import { day } from '../format'
import { ask } from '../service/api'
import { all, people } from '../service/office'
import { LANGUAGES, type Language, say } from '../wording'
import { listed } from './doing'

export interface OfficeTold {
  code: string
  name: string
  time_zone: string
  language: string
  profile: string
  record_system: boolean
}

interface KnownLaptop {
  id: string
  user_id: string
  name: string
  fingerprint: string
  created_at: string
  ended_at: string | null
}

export async function overviewPart(left: AbortSignal): Promise<HTMLElement> {
  const [office, laptops, known] = await Promise.all([
    ask<OfficeTold>('/office', { signal: left }),
    all<KnownLaptop>('/office/device-keys', left),
    people(left),
  ])
  const names = new Map(known.map((one) => [one.id, one.name]))
  const language = LANGUAGES[office.language as Language] ?? office.language
  const told: [string, Node | string][] = [
    [say('people.name'), office.name],
    [say('office.code'), office.code],
    [say('office.zone'), office.time_zone],
    [say('office.language'), language],
    [say('office.rules'), el('a', { href: '#/office/rules' }, office.profile)],
    [say('office.record_system'), say(office.record_system ? 'office.yes' : 'office.no')],
  ]
  const rows = laptops.map((one) =>
    el(
      'li',
      { class: one.ended_at !== null && 'past' },
      el(
        'div',
        { class: 'what' },
        el('strong', {}, `${one.name} · ${names.get(one.user_id) ?? one.user_id}`),
        el('div', { class: 'mono' }, one.fingerprint),
      ),
      el(
        'span',
        { class: 'aside' },
        say(one.ended_at === null ? 'account.laptop_since' : 'account.laptop_over', {
          day: day(one.ended_at ?? one.created_at),
        }),
      ),
    ),
  )
  return el(
    'div',
    {},
    el(
      'section',
      { class: 'card' },
      el(
        'dl',
        { class: 'pairs' },
        ...told.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
      ),
      el('p', { class: 'aside' }, say('office.apart')),
    ),
    el(
      'section',
      { class: 'card' },
      el('h2', {}, say('office.laptops')),
      el('p', {}, say('office.laptops_lead')),
      listed(rows, say('office.no_laptops')),
    ),
  )
}
