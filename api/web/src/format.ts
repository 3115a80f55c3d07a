/** Numbers and times as the reader's language writes them. */

import { locale } from './wording'

const KILO = 1000
const SIZES = ['B', 'kB', 'MB', 'GB', 'TB']
const MINUTE = 60
const HOUR = 60 * MINUTE
const M2_PER_HA = 10_000

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value)
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

export function moment(iso: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  )
}

export function day(iso: string, dateStyle: 'long' | 'medium' = 'long'): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle }).format(new Date(iso))
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
