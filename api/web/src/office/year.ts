/** A year at a glance: twelve months, with what differs from the week. */

import { el } from '../dom'
import { day as written } from '../format'
import type { Calendar } from '../service/calendars'
import { locale, say } from '../wording'

const DAYS = 7

export function yearGrid(
  calendar: Calendar,
  year: number,
  onDay: (day: string) => void,
): HTMLElement {
  const months = Array.from({ length: 12 }, (_, month) => monthGrid(calendar, year, month, onDay))
  return el('div', { class: 'year' }, ...months)
}

function monthGrid(
  calendar: Calendar,
  year: number,
  month: number,
  onDay: (day: string) => void,
): HTMLElement {
  const first = new Date(Date.UTC(year, month, 1))
  const before = weekday(first) - 1
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const name = new Intl.DateTimeFormat(locale(), { month: 'long', timeZone: 'UTC' }).format(first)
  const cells = Array.from({ length }, (_, at) => {
    const date = new Date(Date.UTC(year, month, at + 1))
    return cell(calendar, date, onDay)
  })
  const blanks = Array.from({ length: before }, () => el('span', {}))
  return el(
    'section',
    {},
    el('h3', {}, name),
    el('div', { class: 'month' }, ...heads(), ...blanks, ...cells),
  )
}

function heads(): HTMLElement[] {
  const format = new Intl.DateTimeFormat(locale(), { weekday: 'narrow', timeZone: 'UTC' })
  // The fifth of January 1970 was a Monday.
  return Array.from({ length: DAYS }, (_, at) =>
    el(
      'span',
      { class: 'head', 'aria-hidden': 'true' },
      format.format(new Date(Date.UTC(1970, 0, 5 + at))),
    ),
  )
}

function cell(calendar: Calendar, date: Date, onDay: (day: string) => void): HTMLElement {
  const iso = date.toISOString().slice(0, 10)
  const stated = calendar.days.find((one) => one.day === iso)
  const isFree = calendar.week[String(weekday(date))] === undefined
  const kind = stated ? (stated.hours ? 'opened' : 'closed') : isFree ? 'free' : ''
  const words = stated ? `${stated.name}, ${say(`office.${kind as 'opened' | 'closed'}`)}` : ''
  return el(
    'button',
    {
      type: 'button',
      class: kind,
      title: words,
      // The list below and its button are the way by keyboard: 365 stops would be none.
      tabindex: -1,
      'aria-label': words === '' ? written(iso) : `${written(iso)}: ${words}`,
      onclick: () => onDay(iso),
    },
    String(date.getUTCDate()),
  )
}

/** 1 for Monday. */
function weekday(date: Date): number {
  return date.getUTCDay() === 0 ? DAYS : date.getUTCDay()
}
