/** What is asked for a calendar: one day, a pasted list of them, or the week. */

import { el } from '../dom'
import {
  type Calendar,
  type CalendarDay,
  clockOf,
  type Hours,
  minutesOf,
  state,
  withDays,
} from '../service/calendars'
import { locale, say } from '../wording'
import { asked, textOf } from './asking'
import { type StatedDay, statedDay } from './stated_day'

const ZONES = ['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura']
const USUAL: Hours = [480, 960]

function named(name: string, label: string, more: Record<string, string> = {}): HTMLElement {
  const field = el('input', { name, required: true, maxlength: 120, autocomplete: 'off', ...more })
  return el('label', {}, label, field)
}

export function askDay(calendar: Calendar, day: string): Promise<Calendar | null> {
  const before = calendar.days.find((one) => one.day === day)
  const works = el('input', { type: 'checkbox', name: 'works', checked: Boolean(before?.hours) })
  const hours = before?.hours ?? USUAL
  return asked({
    title: say('office.day_title'),
    fields: [
      named('day', say('office.day'), { type: 'date', value: day }),
      named('name', say('office.day_name'), { value: before?.name ?? '' }),
      named('source', say('office.day_source'), { value: before?.source ?? lastSource(calendar) }),
      el('div', { class: 'checks' }, el('label', {}, works, say('office.day_works'))),
      el(
        'div',
        { class: 'line' },
        named('opens', say('office.opens'), { type: 'time', value: clockOf(hours[0]) }),
        named('closes', say('office.closes'), { type: 'time', value: clockOf(hours[1]) }),
      ),
    ],
    button: say('people.save'),
    send: (form) =>
      state(
        withDays(calendar, [
          {
            day: textOf(form, 'day'),
            name: textOf(form, 'name'),
            source: textOf(form, 'source'),
            hours: form.has('works') ? hoursOf(form, '') : null,
          },
        ]),
      ),
  })
}

/** One line a day: the day, then what it is called. Nothing is taken where a line cannot be read. */
export function askList(calendar: Calendar): Promise<Calendar | null> {
  const list = el('textarea', {
    name: 'list',
    rows: 8,
    required: true,
    class: 'mono',
    placeholder: '2027-01-01; Tahun Baru Masehi',
  })
  list.addEventListener('input', () => {
    const bad = unread(list.value)
    list.setCustomValidity(
      bad.length === 0 ? '' : say('office.list_bad', { lines: bad.join(' | ') }),
    )
  })
  return asked({
    title: say('office.paste'),
    fields: [
      el('p', {}, say('office.paste_how')),
      el('label', {}, say('office.list'), list),
      named('source', say('office.day_source')),
    ],
    button: say('people.save'),
    send: (form) => state(withDays(calendar, read(list.value, textOf(form, 'source')))),
  })
}

function dayLines(text: string): { line: string; day: StatedDay | null }[] {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '').map((line) => ({ line, day: statedDay(line) }))
}

function unread(text: string): string[] {
  return dayLines(text).flatMap(({ line, day }) => (day === null ? [line] : []))
}

function read(text: string, source: string): CalendarDay[] {
  return dayLines(text).flatMap(({ day }) =>
    day === null ? [] : [{ ...day, name: day.name.slice(0, 120), source, hours: null }],
  )
}

export function askWeek(calendar: Calendar | null): Promise<Calendar | null> {
  const format = new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' })
  const rows = Array.from({ length: 7 }, (_, at) => {
    const number = String(at + 1)
    const hours = calendar === null ? (at < 5 ? USUAL : undefined) : calendar.week[number]
    const [opens, closes] = hours ?? USUAL
    const label = format.format(new Date(Date.UTC(1970, 0, 5 + at)))
    const time = (name: string, value: number, what: string) =>
      el('input', {
        type: 'time',
        name: `${name}${number}`,
        value: clockOf(value),
        'aria-label': `${label}: ${what}`,
      })
    return el(
      'div',
      { class: 'weekday' },
      el(
        'label',
        {},
        el('input', { type: 'checkbox', name: number, checked: hours !== undefined }),
        label,
      ),
      time('opens', opens, say('office.opens')),
      time('closes', closes, say('office.closes')),
    )
  })
  const zones = el('datalist', { id: 'zones' }, ...ZONES.map((value) => el('option', { value })))
  const name = el('input', {
    name: 'name',
    required: true,
    maxlength: 120,
    value: calendar?.name ?? '',
    readonly: calendar !== null,
    autocomplete: 'off',
  })
  return asked({
    title: say(calendar === null ? 'office.calendar_add' : 'office.week'),
    fields: [
      el('label', {}, say('office.calendar_name'), name),
      named('zone', say('office.zone'), {
        value: calendar?.time_zone ?? 'Asia/Jakarta',
        list: 'zones',
      }),
      zones,
      el('fieldset', { class: 'checks' }, el('legend', {}, say('office.week')), ...rows),
    ],
    button: say('people.save'),
    send: (form) => {
      const numbers = ['1', '2', '3', '4', '5', '6', '7'].filter((one) => form.has(one))
      const week = Object.fromEntries(numbers.map((one) => [one, hoursOf(form, one)]))
      const days = calendar?.days ?? []
      return state({ name: textOf(form, 'name'), time_zone: textOf(form, 'zone'), week, days })
    },
  })
}

function hoursOf(form: FormData, number: string): Hours {
  return [minutesOf(textOf(form, `opens${number}`)), minutesOf(textOf(form, `closes${number}`))]
}

function lastSource(calendar: Calendar): string {
  return calendar.days.at(-1)?.source ?? ''
}
