/** Asks for the number of an objection, and goes to its page. */

import { el } from '../dom'
import { grouped } from '../format'
import { say } from '../wording'

export function numberForm(number = ''): HTMLFormElement {
  const field = el('input', {
    name: 'number',
    value: grouped(number.replace(/[\s-]/g, '').toUpperCase()),
    required: true,
    maxlength: 32,
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
  })
  const look = (event: Event) => {
    event.preventDefault()
    location.hash = `#/objection/${encodeURIComponent(field.value.trim())}`
  }
  return el(
    'form',
    { class: 'line', onsubmit: look },
    el('label', {}, say('objection.number'), field),
    el('button', {}, say('objection.look')),
  )
}
