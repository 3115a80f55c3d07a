/** Values of a record as the reader's language writes them; what is no number and no day stays as it is. */

import { day, number } from '../format'
import { type Key, say } from '../wording'

const FIELDS = [
  'activity',
  'activity_code',
  'application_kind',
  'applied_on',
  'authority',
  'authority_level',
  'business_registered_on',
  'business_status',
  'commodity',
  'commodity_code',
  'commodity_group',
  'completed_on',
  'declared_area_ha',
  'district',
  'document_kind',
  'holder_kind',
  'holder_name',
  'issued_on',
  'land_area_m2',
  'latitude',
  'location',
  'longitude',
  'permit_name',
  'permit_type',
  'positions',
  'project_name',
  'province',
  'recommendation_number',
  'recommended_on',
  'regency',
  'region_code',
  'remark',
  'risk',
  'scale',
  'sector',
  'stage',
  'status',
  'valid_from',
  'valid_until',
  'village',
] as const
const NAMES = [
  'licence_id',
  'application_id',
  'application_number',
  'permit_number',
  'area_code',
  'project_id',
  'business_id',
] as const
const IS_DAY = /^\d{4}-\d{2}-\d{2}$/
const DIGITS = 6

/** In the order in which a page tells them: who and what, where, when; then all others. */
const FIRST: readonly string[] = [
  'holder_name',
  'permit_type',
  'permit_name',
  'commodity',
  'status',
  'stage',
  'authority',
  'declared_area_ha',
  'location',
  'village',
  'district',
  'regency',
  'province',
  'applied_on',
  'completed_on',
  'issued_on',
  'valid_from',
  'valid_until',
]

export function inOrder(fields: string[]): string[] {
  const place = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)
  return fields.sort((one, other) => place(one) - place(other) || one.localeCompare(other))
}

/** What a field is called; an office's own is called what its mapping calls it. */
export function fieldName(name: string): string {
  const known = FIELDS.find((one) => one === name)
  return known === undefined ? name : say(`permit.field.${known}`)
}

export function nameKind(kind: string): string {
  const known = NAMES.find((one) => one === kind)
  return known === undefined ? kind : say(`permit.name.${known}`)
}

export function written(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return say((value ? 'permit.yes' : 'permit.no') as Key)
  if (typeof value === 'number') return `${figure(value)}${unitOf(field)}`
  if (Array.isArray(value)) return value.map((one) => written(field, one)).join(', ')
  if (typeof value === 'object') return JSON.stringify(value)
  const text = String(value)
  return IS_DAY.test(text) ? day(text) : text
}

function figure(value: number): string {
  const digits = Number.isInteger(value) ? 0 : Math.min(DIGITS, fraction(value))
  return number(value, digits)
}

function fraction(value: number): number {
  return String(value).split('.')[1]?.length ?? 0
}

function unitOf(field: string): string {
  if (field.endsWith('_ha')) return ' ha'
  if (field.endsWith('_m2')) return ' m²'
  return field === 'latitude' || field === 'longitude' ? '°' : ''
}
