/** Two flights of a permit over one another: each as the inspection drew it that wrote its picture. */

import { el, fill } from '../dom'
import { day } from '../format'
import { notice, told } from '../notice'
import type { Page, Visit } from '../pages'
import { asked, comparedBy, ordered, pictureOf } from '../permit/pair'
import { hearKeys } from '../review/keys'
import { mapDesk } from '../review/map_desk'
import { ask, newKey } from '../service/api'
import { outline } from '../service/permits'
import { type Flight, type PermitRecord, recordOf } from '../service/record'
import { hasRole } from '../service/session'
import { say } from '../wording'
import '../styles/permit.css'

interface Pair {
  permit: PermitRecord
  earlier: Flight
  later: Flight
}

export async function show({ rest, left }: Visit): Promise<Page> {
  const [id = '', one = '', other = ''] = rest
  const permit = await recordOf(id, left)
  const order = ordered(permit, one, other)
  const earlier = permit.flights.find((each) => each.id === order.earlier)
  const later = permit.flights.find((each) => each.id === order.later)
  const title = say('compare.title', { permit: permit.reference })
  const back = el('p', {}, el('a', { href: `#/permit/${permit.id}` }, say('compare.back')))
  if (earlier === undefined || later === undefined || earlier === later)
    return { title, body: [el('h1', {}, title), back, told('bad', say('compare.unknown'))] }
  const pair = { permit, earlier, later }
  const map = el('div')
  void draw(map, pair, left)
  const body = [
    el('h1', {}, title),
    back,
    el(
      'dl',
      { class: 'card onrecord' },
      flight(say('map.layer.baseline'), earlier),
      flight(say('map.layer.current'), later),
    ),
    map,
    inspectionOf(pair, left),
  ]
  return { title, body }
}

function flight(what: string, one: Flight): HTMLElement {
  const when = one.claimed_at
    ? say('timeline.flown', { when: day(one.claimed_at) })
    : say('compare.came', { day: day(one.created_at) })
  return el(
    'div',
    {},
    el('dt', {}, what),
    el('dd', {}, el('strong', {}, one.name), el('div', { class: 'aside' }, when)),
  )
}

/** What a lens says of the flight that it shows. */
function caption({ name, claimed_at }: Flight): string {
  return claimed_at === null ? name : `${name} · ${day(claimed_at, 'medium')}`
}

async function draw(place: HTMLElement, pair: Pair, left: AbortSignal): Promise<void> {
  const { permit, earlier, later } = pair
  const lacks = [earlier, later].filter((one) => pictureOf(permit, one.id) === null)
  if (lacks.length > 0) {
    const names = lacks.map((one) => one.name).join(', ')
    fill(place, told('doubt', say('compare.no_picture', { names }), say('compare.no_picture_hint')))
    return
  }
  try {
    const boundary = await outline(permit, left)
    if (boundary === null) return
    const from = {
      current: pictureOf(permit, later.id) ?? '',
      baseline: pictureOf(permit, earlier.id) ?? '',
    }
    const names = ['current', 'baseline'] as const
    const ground = { boundary, ringMetres: null, unseen: [] }
    const captions = { baseline: caption(earlier), current: caption(later) }
    const asked = { label: say('compare.label'), from, names, ground, finest: null, captions }
    const desk = await mapDesk(place, asked, left)
    if (desk !== null) hearKeys(desk.keys, left)
  } catch (error) {
    if (!left.aborted) fill(place, notice(error))
  }
}

/** What held the two against one another, or a way to ask for it. */
function inspectionOf(pair: Pair, left: AbortSignal): HTMLElement {
  const { permit, earlier, later } = pair
  const body = el('section', { class: 'card' }, el('h2', {}, say('compare.inspection')))
  const known = comparedBy(permit, earlier.id, later.id)
  if (known !== null) {
    const words = say(known.is_comparable === false ? 'compare.not_comparable' : 'compare.known')
    body.append(
      el('p', {}, words),
      el('a', { class: 'button', href: `#/inspection/${known.id}` }, say('timeline.inspection')),
    )
    return body
  }
  body.append(el('p', {}, say('compare.not_yet')))
  if (!hasRole('inspector', 'gis')) {
    body.append(el('p', { class: 'aside' }, say('compare.who')))
    return body
  }
  const current = asked(later, true)
  const baseline = asked(earlier, false)
  if (current === null || baseline === null) {
    body.append(told('doubt', say('compare.no_uploads'), say('compare.no_uploads_hint')))
    return body
  }
  const trouble = el('div')
  const once = newKey()
  const button = el(
    'button',
    { type: 'button', class: 'main', onclick: () => void begin() },
    say('compare.ask'),
  )
  async function begin(): Promise<void> {
    button.disabled = true
    const wanted = { permit_id: permit.id, current, baseline }
    try {
      const path = '/inspections'
      const made = await ask<{ id: string }>(path, { method: 'POST', body: wanted, once })
      if (!left.aborted) location.hash = `#/inspection/${made.id}`
    } catch (error) {
      button.disabled = false
      if (!left.aborted) fill(trouble, notice(error))
    }
  }
  body.append(button, trouble)
  return body
}
