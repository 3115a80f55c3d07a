/** One inspection, as who brought the flight sees it: how far it is, what was wrong, what it shows. */

import { el, fill } from '../dom'
import { moment, percent } from '../format'
import { OPEN, stateTag } from '../inspection_list'
import type { LayerName } from '../map/tiles_map'
import { notice, told } from '../notice'
import type { Page, Visit } from '../pages'
import type { Inspection, Step } from '../service/answers'
import { ask, Problem } from '../service/api'
import { history, outline } from '../service/permits'
import { say } from '../wording'

const STEPS: Step[] = [
  'ingest',
  'georeference',
  'clip',
  'register',
  'detect',
  'measure',
  'report',
  'attach',
]
const OFTEN_MS = 2000
const SELDOM_MS = 15_000

export async function show({ rest, left }: Visit): Promise<Page> {
  const address = `/inspections/${rest[0]}`
  const first = await ask<Inspection>(address, { signal: left })
  const state = el('section', { class: 'card', 'aria-live': 'polite' })
  const map = el('div')
  draw(state, first)
  if (first.state === 'done') void drawMap(map, first, left)
  else if (OPEN.includes(first.state)) void watch(address, state, map, left)
  const title = say('inspection.title', { permit: first.permit_reference })
  const when = el(
    'p',
    { class: 'lead' },
    say('inspection.asked', { when: moment(first.created_at) }),
  )
  return { title, body: [el('h1', {}, title), when, state, map] }
}

/** Asks again when the service says that something changed, and now and then of itself. */
async function watch(
  address: string,
  state: HTMLElement,
  map: HTMLElement,
  left: AbortSignal,
): Promise<void> {
  const stream = new EventSource(`/api/v1${address}/events`)
  left.addEventListener('abort', () => stream.close(), { once: true })
  while (!left.aborted) {
    await change(stream)
    try {
      const now = await ask<Inspection>(address, { signal: left })
      draw(state, now)
      if (OPEN.includes(now.state)) continue
      stream.close()
      if (now.state === 'done') await drawMap(map, now, left)
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

function draw(state: HTMLElement, now: Inspection): void {
  const parts: Node[] = [el('p', {}, stateTag(now))]
  if (now.state === 'submitted') parts.push(el('p', {}, say('inspection.waits')))
  if (OPEN.includes(now.state)) parts.push(steps(now))
  if (now.state === 'done') parts.push(el('p', {}, say('inspection.done')))
  if (now.problem !== null) {
    const { message, hint, file } = now.problem
    parts.push(told('bad', file ? `${file}: ${message}` : message, hint))
  }
  if (now.state === 'done' && now.is_comparable === false)
    parts.push(told('doubt', say('inspection.not_comparable')))
  if (!OPEN.includes(now.state) && now.state !== 'done')
    parts.push(
      el('a', { class: 'button', href: `#/upload/${now.permit_id}` }, say('inspection.again')),
    )
  fill(state, ...parts)
}

function steps(now: Inspection): HTMLElement {
  const reached = now.step === null ? -1 : STEPS.indexOf(now.step)
  const items = STEPS.map((step, place) => {
    const words = say(`inspection.step.${step}`)
    const isNow = place === reached
    return el(
      'li',
      {
        class: place < reached ? 'past' : isNow ? 'now' : 'ahead',
        'aria-current': isNow && 'step',
      },
      isNow ? `${words} · ${percent(now.share)}` : words,
    )
  })
  return el('ol', { class: 'steps' }, ...items)
}

async function drawMap(place: HTMLElement, done: Inspection, left: AbortSignal): Promise<void> {
  const boundary = await outline(await history(done.permit_id, left), left)
  if (boundary === null) return
  const { TilesMap } = await import('../map/tiles_map')
  const names: LayerName[] = done.baseline_id ? ['current', 'baseline', 'change'] : ['current']
  const canvas = el('div', {
    class: 'map',
    role: 'application',
    tabindex: 0,
    'aria-label': say('map.label'),
  })
  const choices = el('div', { class: 'layers', role: 'group', 'aria-label': say('map.layers') })
  fill(place, choices, canvas)
  const map = new TilesMap(canvas, done.id, names, boundary)
  left.addEventListener('abort', () => map.end(), { once: true })

  function choose(name: LayerName): void {
    map.show(name === 'change' ? ['current', 'change'] : [name])
    for (const button of choices.children)
      button.setAttribute('aria-pressed', String((button as HTMLElement).dataset.layer === name))
  }
  const buttons = names.map((name) =>
    el(
      'button',
      { type: 'button', 'data-layer': name, onclick: () => choose(name) },
      say(`map.layer.${name}`),
    ),
  )
  fill(choices, ...buttons)
  choices.hidden = names.length === 1
  choose('current')
}
