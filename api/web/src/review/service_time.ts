/** How much of the time that an office allows itself is used and left: a bar, and words that go on. */

import { el, fill } from '../dom'
import { moment, number, soon } from '../format'
import type { Allowance, Due, ServiceClock } from '../service/queue'
import { say } from '../wording'
import '../styles/service_time.css'

const MINUTE_MS = 60_000
const OFTEN_MS = 5000

/** What the clock of something that waits shows: now, and later as long as it stands on the page. */
export function deadline(one: Due & { clock: ServiceClock }): HTMLElement {
  const { clock } = one
  const readHere = Date.now()
  // Of no interest to who listens each minute: where it is, it can be read.
  const place = el('div', { class: 'time', role: 'timer', 'aria-live': 'off' })
  let shown = ''
  function draw(): void {
    // By the service's own clock: that of a device may be wrong.
    const now = Date.parse(clock.read_at) + Date.now() - readHere
    const state = at(one, now)
    if (JSON.stringify(state) === shown) return
    shown = JSON.stringify(state)
    fill(place, ...told(one, state))
  }
  draw()
  const timer = setInterval(() => (place.isConnected ? draw() : clearInterval(timer)), OFTEN_MS)
  return place
}

export function used(clock: Allowance, isOverdue: boolean): HTMLElement {
  const inHours = clock.allowed_minutes !== null
  const allowed = inHours ? (clock.allowed_minutes ?? 0) : clock.allowed_days
  const counted = inHours ? clock.taken_minutes : clock.taken_days
  // The last day lasts until the office closes, however much of a day was counted by then.
  const taken = isOverdue || inHours ? counted : Math.min(counted, allowed)
  const words = inHours
    ? say('clock.used_time', { taken: time(taken), allowed: time(allowed) })
    : say('clock.used', { taken: days(taken), allowed: days(allowed) })
  const bar = el('progress', { max: allowed, value: Math.min(taken, allowed), 'aria-label': words })
  return el('div', { class: 'used' }, bar, el('div', { class: 'aside' }, words))
}

export function left(minutes: number): string {
  return say('clock.left', { time: time(minutes) })
}

interface State {
  isOverdue: boolean
  left: number | null
  taken: number
}

function at({ due_at, is_overdue, clock }: Due & { clock: ServiceClock }, now: number): State {
  const isOverdue = is_overdue || (due_at !== null && Date.parse(due_at) < now)
  const between = (begin: number, end: number) =>
    clock.counts.reduce((sum, one) => {
      const from = Math.max(Date.parse(one.begin), begin)
      return sum + Math.max(Math.min(Date.parse(one.end), end) - from, 0)
    }, 0)
  const passed = Math.floor(between(Date.parse(clock.read_at), now) / MINUTE_MS)
  // What is told ahead may reach until it is due: then what is left is known to the second.
  const isWhole =
    due_at !== null && Date.parse(clock.counts.at(-1)?.end ?? '') === Date.parse(due_at)
  let minutes = clock.left_minutes
  if (minutes !== null && !isOverdue)
    minutes = isWhole
      ? Math.ceil(between(now, Number.POSITIVE_INFINITY) / MINUTE_MS)
      : minutes - passed
  return { isOverdue, left: minutes, taken: clock.taken_minutes + passed }
}

function told(one: Due & { clock: ServiceClock }, state: State): HTMLElement[] {
  const { clock, due_at } = one
  const bar = used({ ...clock, taken_minutes: state.taken }, state.isOverdue)
  const strong = (words: string) => el('strong', {}, words)
  const aside = (words: string) => el('div', { class: 'aside' }, words)
  if (due_at !== null && state.isOverdue) {
    const late = state.left !== null && state.left < 0 ? time(-state.left) : null
    return [
      el('strong', { class: 'overdue' }, say('queue.overdue', { when: soon(due_at) })),
      ...(late === null ? [] : [aside(say('clock.late', { time: late }))]),
      bar,
    ]
  }
  const rest = state.left === null ? null : time(state.left)
  if (due_at === null) {
    const more = rest !== null && clock.state !== 'ended' ? [aside(left(state.left ?? 0))] : []
    return [strong(say(`clock.state.${clock.state}`)), ...more, bar]
  }
  if (rest !== null && clock.unit === 'hours')
    return [strong(say('clock.left_until', { time: rest, when: soon(due_at) })), bar]
  const more = rest === null ? [] : [aside(left(state.left ?? 0))]
  return [strong(say('queue.due', { when: moment(due_at) })), ...more, bar]
}

/** Hours and minutes, of which a working day has a few: no days are made of them. */
function time(minutes: number): string {
  const facts = { hours: number(Math.floor(minutes / 60)), minutes: minutes % 60 }
  return say(minutes < 60 ? 'clock.minutes' : 'clock.hours', facts)
}

/** Working days as people say them: whole ones without a fraction. */
function days(count: number): string {
  return number(count, Number.isInteger(count) ? 0 : 1)
}
