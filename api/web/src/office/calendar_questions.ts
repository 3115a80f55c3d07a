/** What is asked for a calendar: one day, a pasted list of them, or the week. */

import { el } from '../dom'
import {
  type Calendar,
  type CalendarDay,
  type Hours,
  state,
  type UsualWeek,
  withDays,
} from '../service/calendars'
import { has, locale, say } from '../wording'
import { asked, textOf } from './asking'
import { hoursField, hoursFrom } from './hours'
import { type StatedDay, statedDay } from './stated_day'

const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7']

function named(name: string, label: string, more: Record<string, string> = {}): HTMLElement {
  const field = el('input', { name, required: true, maxlength: 120, autocomplete: 'off', ...more })
  return el('label', {}, label, field)
}

export function askDay(calendar: Calendar, day: string): Promise<Calendar | null> {
  const before = calendar.days.find((one) => one.day === day)
  const works = el('input', { type: 'checkbox', name: 'works', checked: Boolean(before?.hours) })
  const usual = calendar.week[weekdayOf(day)] ?? Object.values(calendar.week)[0] ?? []
  const hours = hoursField('hours', before?.hours ?? usual, say('office.open_hours'))
  const need = () => {
    hours.required = works.checked
    hours.hidden = !works.checked
  }
  works.addEventListener('change', need)
  need()
  return asked({
    title: say('office.day_title'),
    fields: [
      named('day', say('office.day'), { type: 'date', value: day }),
      named('name', say('office.day_name'), { value: before?.name ?? '' }),
      named('source', say('office.day_source'), { value: before?.source ?? lastSource(calendar) }),
      el('div', { class: 'checks' }, el('label', {}, works, say('office.day_works'))),
      hours,
    ],
    button: say('people.save'),
    send: (form) =>
      state(
        withDays(calendar, [
          {
            day: textOf(form, 'day'),
            name: textOf(form, 'name'),
            source: textOf(form, 'source'),
            hours: form.has('works') ? hoursOf(form, 'hours') : null,
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

/** Of a new calendar the rules of the office propose the week. */
export function askWeek(
  calendar: Calendar | null,
  usual: UsualWeek | null,
): Promise<Calendar | null> {
  const format = new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' })
  const rows = WEEKDAYS.map((number, at) => {
    const label = format.format(new Date(Date.UTC(1970, 0, 5 + at)))
    const hours = calendar === null ? usual?.week[number] : calendar.week[number]
    const field = hoursField(`week${number}`, hours ?? [], `${label}: ${say('office.open_hours')}`)
    return el('label', { class: 'weekday' }, label, field)
  })
  const zones = el(
    'datalist',
    { id: 'zones' },
    ...Intl.supportedValuesOf('timeZone').map((value) => el('option', { value })),
  )
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
        value: calendar?.time_zone ?? usual?.zone ?? '',
        list: 'zones',
      }),
      zones,
      el(
        'fieldset',
        {},
        el('legend', {}, say('office.week')),
        el('p', { class: 'aside' }, say('office.hours_how')),
        ...rows,
      ),
      usual !== null && usual.source !== '' && el('p', { class: 'aside' }, proposed(usual)),
    ],
    button: say('people.save'),
    send: (form) => {
      const hours = WEEKDAYS.map((one) => [one, hoursOf(form, `week${one}`)] as const)
      const week = Object.fromEntries(hours.filter(([, one]) => one.length > 0))
      const days = calendar?.days ?? []
      return state({ name: textOf(form, 'name'), time_zone: textOf(form, 'zone'), week, days })
    },
  })
}

function proposed({ sure, source }: UsualWeek): string {
  const key = `office.sure.${sure}`
  return say('office.week_from', { sure: has(key) ? say(key) : sure, source })
}

function hoursOf(form: FormData, name: string): Hours {
  return hoursFrom(textOf(form, name)) ?? []
}

/** 1 for Monday. */
function weekdayOf(day: string): string {
  return String(new Date(day).getUTCDay() || 7)
}

function lastSource(calendar: Calendar): string {
  return calendar.days.at(-1)?.source ?? ''
}
