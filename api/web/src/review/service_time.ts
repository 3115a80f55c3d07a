/** How much of the working days that an office allows itself is used: a bar, and the same in words. */

import { el } from '../dom'
import { number } from '../format'
import { say } from '../wording'
import '../styles/service_time.css'

export function used(taken: number, allowed: number): HTMLElement {
  const words = say('clock.used', { taken: days(taken), allowed: days(allowed) })
  const bar = el('progress', { max: allowed, value: Math.min(taken, allowed), 'aria-label': words })
  return el('div', { class: 'used' }, bar, el('div', { class: 'aside' }, words))
}

/** Working days as people say them: whole ones without a fraction. */
function days(count: number): string {
  return number(count, Number.isInteger(count) ? 0 : 1)
}
