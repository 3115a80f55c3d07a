/** When the office works: its week, the days that differ, and how long a step may take. */

import { hoursFrom } from '../office/hours'
import { ask } from './api'
import type { Clock as PermitClock } from './record'

/** Opens and closes, and again after each break, in minutes of the day. */
export type Hours = number[]

export interface CalendarDay {
  day: string
  name: string
  source: string
  /** Null where the office is closed. */
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
  /** What these are counted in; null where the rules of the office say it. */
  unit: 'days' | 'hours' | null
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

/** Gives one permit a service time; without a beginning, what is imported begins it. */
export function beginClock(
  permit: string,
  clock: Clock & { begins_at: string | null },
): Promise<PermitClock> {
  return ask(`/permits/${permit}/clocks`, { method: 'POST', body: clock })
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

/** What the rules of the office propose for its week, and what stands behind that. */
export interface UsualWeek {
  zone: string
  week: Record<string, Hours>
  sure: string
  source: string
}

export async function usualWeek(signal: AbortSignal): Promise<UsualWeek> {
  const office = await ask<{ time_zone: string; profile: string }>('/office', { signal })
  const rules = await ask<Rules>(`/profiles/${office.profile}`, { signal })
  const stated = rules.numbers.filter((one) => one.name.startsWith(WEEK))
  const days = stated.flatMap((one) => {
    const hours = hoursFrom(String(one.value))
    return hours === null || hours.length === 0 ? [] : [[one.name.slice(WEEK.length), hours]]
  })
  const { sure, source } = stated[0] ?? { sure: 'own', source: '' }
  return {
    zone: office.time_zone,
    week: Object.fromEntries(days),
    sure: sure ?? 'own',
    source: source ?? '',
  }
}

interface Rules {
  numbers: { name: string; value: unknown; sure: string | null; source: string | null }[]
}
const WEEK = 'calendar.week.'

type Term = { calendar: string; days: number } | null

/** How long the office takes at most to answer an objection. */
export function term(signal: AbortSignal): Promise<{ term: Term }> {
  return ask('/office/objections', { signal })
}

export function stateTerm(stated: Term): Promise<unknown> {
  return ask('/office/objections', { method: 'PUT', body: { term: stated } })
}
