/** Numbers and times as the reader's language writes them. */

import { locale } from './wording'

const KILO = 1000
const SIZES = ['B', 'kB', 'MB', 'GB', 'TB']
const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY_MS = 24 * HOUR * 1000
const SOON_MS = 6 * DAY_MS
const M2_PER_HA = 10_000
const IS_INSTANT = /T.*(Z|[+-]\d{2}:?\d{2})$/
const ZONES: Record<string, string> = {
  'Asia/Jakarta': 'WIB',
  'Asia/Pontianak': 'WIB',
  'Asia/Makassar': 'WITA',
  'Asia/Jayapura': 'WIT',
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value)
}

/** A number with the digits that it has, of which four behind the point are the most. */
export function figure(value: number): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: 4 }).format(value)
}

export function percent(share: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share)
}

export function hectares(squareMetres: number): string {
  return `${number(squareMetres / M2_PER_HA, 2)} ha`
}

/** An area with how far it may be off, both in square metres or both in hectares. */
export function ground(squareMetres: number, off?: number): string {
  const isSmall = squareMetres < M2_PER_HA
  const of = (value: number) => (isSmall ? number(value) : number(value / M2_PER_HA, 2))
  const more = off === undefined ? '' : ` ± ${of(off)}`
  return `${of(squareMetres)}${more} ${isSmall ? 'm²' : 'ha'}`
}

export function bytes(count: number): string {
  let rest = count
  let unit = 0
  while (rest >= KILO && unit < SIZES.length - 1) {
    rest /= KILO
    unit += 1
  }
  return `${number(rest, unit > 1 && rest < 10 ? 1 : 0)} ${SIZES[unit]}`
}

/** Times are told as the office's clock shows them, on whatever device; to the public, by its own. */
let zone: string | null = null

export function useZone(name: string | null): void {
  zone = name
}

/** With the name of the zone, without which a time of day could be any of three in this country. */
export function moment(iso: string, zoneThere: string | null = zone): string {
  const at = new Date(iso)
  const where = zoneThere ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const style = { dateStyle: 'medium', timeStyle: 'short', timeZone: where } as const
  return `${new Intl.DateTimeFormat(locale(), style).format(at)} ${zoneName(where, at)}`
}

/** A moment of the days to come by the day of the week, by which one plans; any other whole. */
export function soon(iso: string): string {
  const at = new Date(iso)
  const away = at.getTime() - Date.now()
  if (away < -DAY_MS || away > SOON_MS) return moment(iso)
  const where = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const style = { weekday: 'short', hour: '2-digit', minute: '2-digit', timeZone: where } as const
  const words = new Intl.DateTimeFormat(locale(), style).format(at).replace(',', '')
  return `${words} ${zoneName(where, at)}`
}

/** The moment that a clock of the office shows so; null where that is no time. */
export function atOffice(shown: string): Date | null {
  const guess = new Date(`${shown}Z`)
  if (Number.isNaN(guess.getTime())) return null
  const style = { dateStyle: 'short', timeStyle: 'medium', timeZone: zone ?? undefined } as const
  // Swedish writes as ISO 8601 does.
  const there = new Intl.DateTimeFormat('sv-SE', style).format(guess).replace(' ', 'T')
  return new Date(2 * guess.getTime() - new Date(`${there}Z`).getTime())
}

/** Now as a clock of the office shows it, to the minute, as fields for times take it. */
export function officeNow(): string {
  const style = { dateStyle: 'short', timeStyle: 'short', timeZone: zone ?? undefined } as const
  return new Intl.DateTimeFormat('sv-SE', style).format(new Date()).replace(' ', 'T')
}

/** What the zone is called where it has a short name of its own; else how far it is from UTC. */
function zoneName(where: string, at: Date): string {
  const known = ZONES[where]
  if (known !== undefined) return known
  const style = { timeZone: where, timeZoneName: 'shortOffset' } as const
  const parts = new Intl.DateTimeFormat('en', style).formatToParts(at)
  const offset = parts.find((one) => one.type === 'timeZoneName')?.value ?? where
  return offset.replace('GMT', 'UTC').replace('-', '\u2212')
}

/** What names no zone is a day, or a time, as it was written down: it is told so. */
export function day(iso: string, dateStyle: 'long' | 'medium' = 'long'): string {
  const hasZone = IS_INSTANT.test(iso)
  const at = new Date(hasZone || !iso.includes('T') ? iso : `${iso}Z`)
  const timeZone = hasZone ? (zone ?? undefined) : 'UTC'
  return new Intl.DateTimeFormat(locale(), { dateStyle, timeZone }).format(at)
}

/** A day by the clock of an office that is not the reader's own, with the name of its zone. */
export function dayThere(iso: string, zoneThere: string): string {
  const at = new Date(iso)
  const style = { dateStyle: 'long', timeZone: zoneThere } as const
  return `${new Intl.DateTimeFormat(locale(), style).format(at)} (${zoneName(zoneThere, at)})`
}

/** A distance that somebody measures: to the centimetre, from ten kilometres on to the metre. */
export function distance(metres: number): string {
  return metres < 10 * KILO ? `${number(metres, 2)} m` : `${number(metres / KILO, 3)} km`
}

/** An area that somebody measures: in square metres, and in hectares too. */
export function area(squareMetres: number): string {
  return `${number(squareMetres, 1)} m² (${number(squareMetres / M2_PER_HA, 4)} ha)`
}

/** A distance on the ground: centimetres, metres or kilometres. */
export function length(metres: number): string {
  if (metres < 1) return `${number(metres * 100, 1)} cm`
  if (metres < KILO) return `${number(metres, metres < 10 ? 1 : 0)} m`
  return `${number(metres / KILO, metres < 100 * KILO ? 1 : 0)} km`
}

/** About how long something takes: seconds, minutes, or hours and minutes. */
export function duration(seconds: number): string {
  const of = (value: number, unit: string) =>
    new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'short' }).format(value)
  if (seconds < MINUTE) return of(Math.ceil(seconds), 'second')
  if (seconds < HOUR) return of(Math.ceil(seconds / MINUTE), 'minute')
  return `${of(Math.floor(seconds / HOUR), 'hour')} ${of(Math.floor((seconds % HOUR) / MINUTE), 'minute')}`
}

/** A code or number as it is read out and copied: in groups of four. */
export function grouped(code: string): string {
  return code.replace(/.{4}(?=.)/g, '$&-')
}

/** What a language is called in the reader's own. */
export function languageName(code: string): string {
  return new Intl.DisplayNames(locale(), { type: 'language' }).of(code) ?? code
}
