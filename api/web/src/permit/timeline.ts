/** What happened to a permit, the newest first; two of its flights are chosen here to be compared. */

import { el, fill } from '../dom'
import { day, moment } from '../format'
import type { PermitRecord } from '../service/record'
import { whoever } from '../service/session'
import { say } from '../wording'
import { flownAt, ordered } from './pair'

interface Happening {
  at: string
  /** Where it is told otherwise than by the moment. */
  when?: string
  kind: 'flight' | 'inspection' | 'decision' | 'report' | 'receipt' | 'objection' | 'boundary'
  body: (Node | string)[]
}

export function timeLine(permit: PermitRecord): HTMLElement {
  const chosen = keptFor(permit.id)
  const bar = el('div', { class: 'comparing', 'aria-live': 'polite' })
  const boxes = new Map<string, HTMLInputElement>()

  function choose(flight: string, isChosen: boolean): void {
    const place = chosen.indexOf(flight)
    if (place >= 0) chosen.splice(place, 1)
    if (isChosen) chosen.push(flight)
    // Of three the first one is let go.
    if (chosen.length > 2) chosen.shift()
    for (const [id, box] of boxes) box.checked = chosen.includes(id)
    tell()
  }
  function tell(): void {
    const [one, other] = chosen
    if (one === undefined || other === undefined) {
      fill(bar, el('p', { class: 'aside' }, say('timeline.choose', { count: chosen.length })))
      return
    }
    const { earlier, later } = ordered(permit, one, other)
    const href = `#/compare/${permit.id}/${earlier}/${later}`
    fill(
      bar,
      el('a', { class: 'button main', href }, say('timeline.compare')),
      el('span', { class: 'aside' }, `${called(permit, earlier)} → ${called(permit, later)}`),
    )
  }

  const happenings = allOf(permit, (flight, label) => {
    const box = el('input', {
      type: 'checkbox',
      'aria-label': label,
      onchange: () => choose(flight, box.checked),
    })
    box.checked = chosen.includes(flight)
    boxes.set(flight, box)
    return el('label', { class: 'tick' }, box, say('timeline.pick'))
  })
  tell()
  const items = happenings.map((one) =>
    el(
      'li',
      { class: one.kind },
      el('time', { datetime: one.at }, one.when ?? moment(one.at)),
      el('div', { class: 'what' }, ...one.body),
    ),
  )
  return el(
    'section',
    { class: 'card', 'aria-labelledby': 'timeline-title' },
    el('h2', { id: 'timeline-title' }, say('timeline.title')),
    permit.flights.length > 1 && bar,
    items.length > 0
      ? el('ol', { class: 'timeline' }, ...items)
      : el('p', { class: 'aside' }, say('timeline.empty')),
  )
}

/** What was ticked is ticked again when one comes back from the comparison. */
let kept: { of: string; by: string; chosen: string[] } | null = null

function keptFor(permit: string): string[] {
  const by = whoever()?.user_id ?? ''
  if (kept === null || kept.of !== permit || kept.by !== by) kept = { of: permit, by, chosen: [] }
  return kept.chosen
}

/** A flight by its file and its day. */
function called(permit: PermitRecord, id: string): string {
  const flight = permit.flights.find((one) => one.id === id)
  if (flight === undefined) return '…'
  const { name, claimed_at } = flight
  return claimed_at === null ? name : `${name} (${day(claimed_at, 'medium')})`
}

function allOf(
  permit: PermitRecord,
  pick: (flight: string, label: string) => HTMLElement,
): Happening[] {
  const canCompare = permit.flights.length > 1
  const flights = permit.flights.map((one) => {
    const words = say('timeline.flight', { name: one.name })
    const flown = one.claimed_at && say('timeline.flown', { when: day(one.claimed_at) })
    const came = flown && say('timeline.came', { when: moment(one.created_at) })
    const body = [
      el('strong', {}, words),
      el(
        'div',
        { class: 'aside' },
        [came, one.withdrawn_at && say('timeline.withdrawn')].filter(Boolean).join(' · '),
      ),
      ...(canCompare ? [pick(one.id, say('timeline.pick_of', { name: one.name }))] : []),
    ]
    const told = happening('flight', flownAt(one), body)
    return flown ? { ...told, when: flown } : told
  })
  const inspections = permit.inspections.map((one) => {
    const state = one.review
      ? say(`inspection.review_state.${one.review}`)
      : say(`inspection.state.${one.state}`)
    const later = called(permit, one.current_id)
    const of = one.baseline_id === null ? later : `${called(permit, one.baseline_id)} → ${later}`
    return happening('inspection', one.created_at, [
      el('a', { href: `#/inspection/${one.id}` }, say('timeline.inspection')),
      ' · ',
      el('span', { class: 'tag' }, state),
      el('div', { class: 'aside' }, of),
    ])
  })
  const decisions = permit.decisions.map((one) =>
    happening('decision', one.created_at, [
      say('timeline.decision'),
      ': ',
      el(
        'a',
        { href: `#/inspection/${one.inspection_id}` },
        say(`inspection.review_state.${one.outcome}`),
      ),
      one.note === '' ? '' : el('div', { class: 'aside' }, one.note),
    ]),
  )
  const reports = permit.reports.map((one) =>
    happening('report', one.created_at, [
      el(
        'a',
        { href: `#/inspection/${one.inspection_id}` },
        say('timeline.report', { sequence: one.sequence }),
      ),
      ...ofReport(permit, one),
    ]),
  )
  const receipts = permit.receipts.flatMap(({ document }) =>
    document.attached_at === undefined
      ? []
      : [
          happening('receipt', document.attached_at, [
            say('timeline.receipt', { number: document.number ?? '' }),
          ]),
        ],
  )
  const objections = permit.objections.map((one) =>
    happening('objection', one.created_at, [
      el('strong', {}, say('timeline.objection', { number: one.number, sequence: one.sequence })),
      ' ',
      el(
        'span',
        { class: one.answered_at === null ? 'tag doubt' : 'tag good' },
        one.answered_at === null
          ? say('timeline.unanswered')
          : say('timeline.answered', { when: moment(one.answered_at) }),
      ),
      el('div', { class: 'aside' }, one.text),
    ]),
  )
  const boundaries = permit.boundaries.map((one) =>
    happening('boundary', one.created_at, [
      say('timeline.boundary', { sequence: one.sequence, source: one.source }),
    ]),
  )
  const all = [flights, inspections, decisions, reports, receipts, objections, boundaries].flat()
  return all.sort((one, other) => other.at.localeCompare(one.at))
}

/** Its own files and verdict: the page of the inspection shows the last report of it. */
function ofReport(permit: PermitRecord, { id, sha256 }: PermitRecord['reports'][number]): Node[] {
  const files = `/api/v1/reports/${id}`
  const later = permit.reports.find((one) => one.supersedes_id === id)
  const link = (words: string, href: string, download: string | null) =>
    el('a', { href, download }, words)
  return [
    el(
      'div',
      { class: 'aside' },
      link(say('timeline.pdf'), `${files}/files/report.pdf`, ''),
      ' · ',
      link(say('timeline.files'), `${files}/bundle`, ''),
      ' · ',
      link(say('timeline.verify'), `#/verify/${sha256}`, null),
      later !== undefined && ` · ${say('timeline.superseded', { sequence: later.sequence })}`,
    ),
  ]
}

function happening(kind: Happening['kind'], at: string, body: (Node | string)[]): Happening {
  return { kind, at, body }
}
