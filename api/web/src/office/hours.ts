/** Working hours as people write them: 07:30-12:00, 13:00-16:00. */

import { el } from '../dom'
import { say } from '../wording'

const SPAN = /^(\d{1,2})[:.](\d{2})\s*[-\u2013]\s*(\d{1,2})[:.](\d{2})$/
const WHOLE_DAY = 24 * 60

/** In minutes of the day; null where it is nothing of the kind, and none for a free day. */
export function hoursFrom(text: string): number[] | null {
  const spans = text.split(/[,;]/).map((one) => one.trim())
  if (spans.join('') === '') return []
  const found = spans.map((one) => SPAN.exec(one)?.slice(1).map(Number))
  const hours = found.flatMap((one) => {
    const [fromHour = 99, from = 0, untilHour = 99, until = 0] = one ?? []
    return from > 59 || until > 59
      ? [WHOLE_DAY + 1]
      : [fromHour * 60 + from, untilHour * 60 + until]
  })
  const isRising = hours.every((one, at) => at === 0 || one > (hours[at - 1] ?? 0))
  return isRising && (hours.at(-1) ?? 0) <= WHOLE_DAY ? hours : null
}

export function hoursText(hours: readonly number[]): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const clock = (minutes: number) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  const spans = hours.flatMap((opens, at) =>
    at % 2 === 0 ? [`${clock(opens)}\u2013${clock(hours[at + 1] ?? WHOLE_DAY)}`] : [],
  )
  return spans.join(', ')
}

/** A field for them, which takes nothing that cannot be read. */
export function hoursField(
  name: string,
  hours: readonly number[],
  label: string,
): HTMLInputElement {
  const field = el('input', {
    name,
    value: hoursText(hours),
    maxlength: 120,
    autocomplete: 'off',
    'aria-label': label,
  })
  field.addEventListener('input', () =>
    field.setCustomValidity(hoursFrom(field.value) === null ? say('office.hours_bad') : ''),
  )
  return field
}
