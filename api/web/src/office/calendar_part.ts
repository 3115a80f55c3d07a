/** When the office works: a year at a glance, and the days that differ, each with its source. */

import { el, fill } from '../dom'
import { day as written } from '../format'
import {
  type Calendar,
  type CalendarDay,
  calendars,
  state,
  usualWeek,
  withoutDay,
} from '../service/calendars'
import { locale, say } from '../wording'
import { askDay, askList, askWeek } from './calendar_questions'
import { deed, doing, listed } from './doing'
import { hoursText } from './hours'
import { servicePart } from './service_part'
import { yearGrid } from './year'

export async function calendarPart(rest: string[], left: AbortSignal): Promise<HTMLElement> {
  const year = /^\d{4}$/.test(rest[0] ?? '') ? Number(rest[0]) : new Date().getFullYear()
  const shown = el('div', {})
  const service = el('div', {})

  async function draw(): Promise<void> {
    const known = await calendars(left)
    const chosen = known.find((one) => one.name === rest[1]) ?? known[0]
    fill(
      shown,
      chosen === undefined
        ? el('p', { class: 'card empty' }, say('office.no_calendar'))
        : el('div', {}, choices(known, chosen, year), ofYear(chosen)),
    )
    fill(service, await servicePart(known, left))
  }

  const { said, run } = doing(draw, left)

  function ofYear(calendar: Calendar): HTMLElement {
    const days = calendar.days.filter((one) => one.day.startsWith(`${year}-`))
    const today = new Date().toISOString().slice(5, 10)
    const act = (label: string, what: () => Promise<unknown>) =>
      el('button', { type: 'button', onclick: () => void run(what()) }, label)
    return el(
      'section',
      { class: 'card' },
      el('div', { class: 'head' }, el('h2', {}, calendar.name), years(calendar, year)),
      el('p', { class: 'aside' }, week(calendar)),
      yearGrid(calendar, year, (day) => void run(askDay(calendar, day))),
      el('p', { class: 'aside legend' }, say('office.legend')),
      el(
        'div',
        { class: 'line' },
        act(say('office.day_add'), () => askDay(calendar, `${year}-${today}`)),
        act(say('office.paste'), () => askList(calendar)),
        act(say('office.week_change'), () => askWeek(calendar, null)),
      ),
      el('h3', {}, say('office.days', { year })),
      listed(
        days.map((one) => row(calendar, one)),
        say('office.no_days', { year }),
      ),
    )
  }

  function row(calendar: Calendar, one: CalendarDay): HTMLElement {
    const away = () => void run(state(withoutDay(calendar, one.day)))
    return el(
      'li',
      {},
      el(
        'div',
        { class: 'what' },
        el('strong', {}, `${written(one.day)}: ${one.name}`),
        el('div', { class: 'aside' }, `${hoursOf(one)} · ${one.source}`),
      ),
      deed(say('office.remove'), `${one.day} ${one.name}`, away),
    )
  }

  /** Rules of a file of the office's own cannot be asked for: then nothing is proposed. */
  function proposedWeek() {
    return usualWeek(left).catch(() => null)
  }

  await draw()
  const add = () => void run(proposedWeek().then((usual) => askWeek(null, usual)))
  return el(
    'div',
    {},
    said,
    shown,
    el('p', {}, el('button', { type: 'button', onclick: add }, say('office.calendar_add'))),
    service,
  )
}

function hoursOf(one: CalendarDay): string {
  if (one.hours === null) return say('office.closed')
  return `${say('office.opened')} ${hoursText(one.hours)}`
}

function choices(known: Calendar[], chosen: Calendar, year: number): HTMLElement | null {
  if (known.length < 2) return null
  const links = known.map((one) =>
    el('a', { href: address(one, year), 'aria-current': one === chosen && 'true' }, one.name),
  )
  return el('nav', { class: 'tabs', 'aria-label': say('office.calendars') }, ...links)
}

function years(calendar: Calendar, year: number): HTMLElement {
  const to = (other: number, sign: string) =>
    el('a', { class: 'button', href: address(calendar, other), 'aria-label': String(other) }, sign)
  return el(
    'div',
    { class: 'line' },
    to(year - 1, '‹'),
    el('strong', {}, String(year)),
    to(year + 1, '›'),
  )
}

function address(calendar: Calendar, year: number): string {
  return `#/office/calendar/${year}/${encodeURIComponent(calendar.name)}`
}

function week(calendar: Calendar): string {
  const format = new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' })
  const days = Object.entries(calendar.week).map(([number, hours]) => {
    const name = format.format(new Date(Date.UTC(1970, 0, 4 + Number(number))))
    return `${name} ${hoursText(hours)}`
  })
  return `${calendar.time_zone}: ${days.join('; ')}`
}
