/** When the office works: its week, the days that differ, and how long a step may take. */

import { ask } from './api'

export type Hours = [number, number]

export interface CalendarDay {
  day: string
  name: string
  source: string
  /** Opens and closes, in minutes; null where the office is closed. */
  hours: Hours | null
}

export interface Calendar {
  name: string
  time_zone: string
  /** By day of the week, 1 for Monday; a day that is absent is free. */
  week: Record<string, Hours>
  days: CalendarDay[]
}

export interface Clock {
  step: string
  calendar: string
  days: number
}

export function calendars(signal: AbortSignal): Promise<Calendar[]> {
  return ask('/office/calendars', { signal })
}

/** A calendar is stated whole. */
export function state(one: Calendar): Promise<Calendar> {
  const { name, time_zone, week, days } = one
  return ask('/office/calendars', { method: 'PUT', body: { name, time_zone, week, days } })
}

export function usualClock(signal: AbortSignal): Promise<{ clock: Clock | null }> {
  return ask('/office/service', { signal })
}

export function stateClock(clock: Clock | null): Promise<unknown> {
  return ask('/office/service', { method: 'PUT', body: { clock } })
}

/** The calendar with these days besides: what was said of one of them before counts no more. */
export function withDays(one: Calendar, days: CalendarDay[]): Calendar {
  const again = new Set(days.map((each) => each.day))
  const kept = one.days.filter((each) => !again.has(each.day))
  return { ...one, days: [...kept, ...days].sort((a, b) => a.day.localeCompare(b.day)) }
}

export function withoutDay(one: Calendar, day: string): Calendar {
  return { ...one, days: one.days.filter((each) => each.day !== day) }
}

export function clockOf(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

export function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number)
  return (hours ?? 0) * 60 + (minutes ?? 0)
}

type Term = { calendar: string; days: number } | null

/** How long the office takes at most to answer an objection. */
export function term(signal: AbortSignal): Promise<{ term: Term }> {
  return ask('/office/objections', { signal })
}

export function stateTerm(stated: Term): Promise<unknown> {
  return ask('/office/objections', { method: 'PUT', body: { term: stated } })
}
