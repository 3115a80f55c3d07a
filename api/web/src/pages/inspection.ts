/** One inspection: how far it is, what was wrong, and what came of it. */

import { el, fill } from '../dom'
import { moment, percent } from '../format'
import { OPEN, stateTag } from '../inspection_list'
import { lineNotice, notice, told } from '../notice'
import type { Page, Visit } from '../pages'
import type { Step } from '../service/answers'
import { ask, Problem } from '../service/api'
import type { Inspected, Standing } from '../service/reviews'
import { hasRole, whoever } from '../service/session'
import { say } from '../wording'

type Deadline = typeof import('../review/service_time').deadline

const STEPS: Step[] = ['ingest', 'georeference', 'clip', 'register', 'detect', 'measure', 'report']
/** What follows when people have had their say. */
const LATER = ['review', 'attach'] as const
const OFTEN_MS = 2000
const SELDOM_MS = 15_000

export async function show({ rest, left }: Visit): Promise<Page> {
  const address = `/inspections/${rest[0]}`
  const first = await ask<Inspected>(address, { signal: left })
  const state = el('section', { class: 'card', 'aria-live': 'polite' })
  const flown = el('div', { class: 'flown' })
  const map = el('div', { class: 'outcome' })
  draw(state, first)
  map.addEventListener('standing', (event) => {
    const { detail: standing } = event as CustomEvent<Standing>
    draw(state, { ...first, state: 'done', step: null, standing, review: standing.state })
  })
  if (first.state === 'done') {
    const known = drawFlown(flown, first, left)
    if (flies()) await known
    void drawResult(map, first, left)
  } else if (OPEN.includes(first.state)) void watch(address, state, flown, map, left)
  const title = say('inspection.title', { permit: first.permit_reference })
  const when = el(
    'p',
    { class: 'lead' },
    say('inspection.asked', { when: moment(first.created_at) }),
    ' · ',
    el('a', { href: `#/permit/${first.permit_id}` }, say('permit.page')),
  )
  // Who flew wants to know first whether it was enough; who reviews has that on the large map.
  const parts = flies() ? [flown, map] : [map, flown]
  return { title, body: [el('h1', {}, title), when, lineNotice(left), state, ...parts] }
}

/** Asks again when the service says that something changed, and now and then of itself. */
async function watch(
  address: string,
  state: HTMLElement,
  flown: HTMLElement,
  map: HTMLElement,
  left: AbortSignal,
): Promise<void> {
  const stream = new EventSource(`/api/v1${address}/events`)
  left.addEventListener('abort', () => stream.close(), { once: true })
  while (!left.aborted) {
    await change(stream)
    try {
      const now = await ask<Inspected>(address, { signal: left })
      draw(state, now)
      if (OPEN.includes(now.state)) continue
      stream.close()
      if (now.state === 'done') {
        await drawFlown(flown, now, left)
        await drawResult(map, now, left)
      }
      return
    } catch (error) {
      if (left.aborted) return
      if (!(error instanceof Problem)) throw error
      fill(state, notice(error))
    }
  }
}

/** Until the stream tells something; where it does not work, a while. */
function change(stream: EventSource): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController()
    const wake = () => {
      over.abort()
      resolve()
    }
    const { signal } = over
    stream.addEventListener('state', wake, { signal })
    stream.addEventListener('end', wake, { signal })
    const isTold = stream.readyState === EventSource.OPEN
    const timer = setTimeout(wake, isTold ? SELDOM_MS : OFTEN_MS)
    signal.addEventListener('abort', () => clearTimeout(timer))
  })
}

function draw(state: HTMLElement, now: Inspected): void {
  const isDone = now.state === 'done'
  const parts: Node[] = [el('p', {}, stateTag(now), isDone && ` ${whatNext(now)}`)]
  if (now.state === 'submitted') parts.push(el('p', {}, say('inspection.waits')))
  if (OPEN.includes(now.state)) parts.push(steps(now))
  if (now.problem !== null) {
    const { message, hint, file } = now.problem
    parts.push(told('bad', file ? `${file}: ${message}` : message, hint))
  }
  if (now.clock && (now.review === 'open' || now.review === 'returned')) {
    const time = el('div')
    parts.push(time)
    void drawTime(time, { ...now, clock: now.clock })
  }
  if (now.state === 'done' && now.is_comparable === false)
    parts.push(told('doubt', say('inspection.not_comparable')))
  if (!OPEN.includes(now.state) && now.state !== 'done')
    parts.push(
      el('a', { class: 'button', href: `#/upload/${now.permit_id}` }, say('inspection.again')),
    )
  fill(state, ...parts)
}

async function drawTime(place: HTMLElement, due: Parameters<Deadline>[0]): Promise<void> {
  const { deadline } = await import('../review/service_time')
  fill(place, deadline(due))
}

/** Whose turn it is, as far as it concerns who reads it. */
function whatNext(done: Inspected): string {
  if (done.review !== null && done.review !== 'open')
    return say(`inspection.reviewed.${done.review}`)
  if (!hasRole('reviewer') || done.standing === null) return say('inspection.done')
  if (done.submitted_by === whoever()?.user_id) return say('inspection.own')
  return say('inspection.review')
}

function steps(now: Inspected): HTMLElement {
  // What runs has its files: it is taking them in until it says more.
  const first = now.state === 'running' ? 0 : -1
  const step = now.step === 'attach' ? 'report' : now.step
  const reached = step === null ? first : STEPS.indexOf(step)
  const items = STEPS.map((step, place) => {
    const words = say(`inspection.step.${step}`)
    const isNow = place === reached
    return el(
      'li',
      {
        class: place < reached ? 'past' : isNow ? 'now' : 'ahead',
        'aria-current': isNow && 'step',
      },
      isNow && now.step !== null ? `${words} · ${percent(now.share)}` : words,
    )
  })
  const later = LATER.map((one) => el('li', { class: 'ahead' }, say(`inspection.step.${one}`)))
  return el('ol', { class: 'steps' }, ...items, ...later)
}

function flies(): boolean {
  return hasRole('inspector', 'gis')
}

async function drawFlown(place: HTMLElement, done: Inspected, left: AbortSignal): Promise<void> {
  if (done.standing === null) return
  const { coveragePart } = await import('../coverage/coverage_part')
  fill(place, await coveragePart(done, flies(), left))
}

async function drawResult(place: HTMLElement, done: Inspected, left: AbortSignal): Promise<void> {
  place.classList.add('to-come')
  try {
    const { showResult } = await import('../review/result')
    if (!left.aborted) await showResult(place, done, left)
  } catch (error) {
    if (!left.aborted) place.prepend(notice(error))
  }
  place.classList.remove('to-come')
}
