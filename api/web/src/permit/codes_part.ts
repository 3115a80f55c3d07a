/** Codes by which anybody may follow the permit: given out here, with a text to pass on. */

import { el, fill } from '../dom'
import { day, grouped } from '../format'
import { notice } from '../notice'
import { issueCode, type PermitRecord, statusOf, type TrackingCode } from '../service/record'
import { hasRole } from '../service/session'
import { say } from '../wording'

export function codesPart(permit: PermitRecord, left: AbortSignal): HTMLElement {
  const list = el('ul', { class: 'versions' }, ...permit.tracking_codes.map(row))
  const none = el('p', { class: 'aside' }, say('permit.no_codes'))
  none.hidden = permit.tracking_codes.length > 0
  const given = el('div', { 'aria-live': 'polite' })

  async function give(): Promise<void> {
    button.disabled = true
    try {
      const code = await issueCode(permit.id)
      none.hidden = true
      list.prepend(row(code))
      fill(given, await passedOn(code.code, left))
    } catch (error) {
      if (!left.aborted) fill(given, notice(error))
    } finally {
      button.disabled = false
    }
  }
  const button = el('button', { type: 'button', onclick: () => void give() }, say('permit.give'))
  return el(
    'section',
    { class: 'card', 'aria-labelledby': 'codes-title' },
    el('h2', { id: 'codes-title' }, say('permit.codes')),
    el('p', { class: 'aside' }, say('permit.codes_lead')),
    list,
    none,
    hasRole('inspector', 'reviewer', 'gis') && button,
    given,
  )
}

function row(one: TrackingCode): HTMLElement {
  const shown = grouped(one.code)
  return el(
    'li',
    {},
    el('a', { class: 'what', href: `#/status/${shown}` }, shown),
    el('span', { class: 'aside' }, say('permit.given', { day: day(one.created_at) })),
  )
}

/** The code with the address behind which it is followed, and how it stands: to be copied. */
async function passedOn(code: string, left: AbortSignal): Promise<HTMLElement> {
  const shown = grouped(code)
  const status = await statusOf(code, left)
  const text = el('textarea', { readonly: true, rows: 4 })
  text.value = say('permit.pass_on', {
    code: shown,
    address: `${location.origin}/#/status/${shown}`,
    status: status.text,
  })
  const done = el('span', { role: 'status', class: 'aside' })
  async function copy(): Promise<void> {
    text.select()
    // Where the browser gives no clipboard, the text is selected and can be copied by hand.
    await navigator.clipboard?.writeText(text.value)
    done.textContent = say('status.copied')
  }
  return el(
    'div',
    { class: 'passed' },
    el('label', {}, say('permit.text'), text),
    el(
      'div',
      { class: 'line' },
      el('button', { type: 'button', onclick: () => void copy() }, say('status.copy')),
      done,
    ),
  )
}
