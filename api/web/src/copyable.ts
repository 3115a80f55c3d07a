/** A text to be taken elsewhere: an address or a command, with a button that copies it. */

import { el } from './dom'
import { icon } from './icons'
import { say } from './wording'

export function copyable(label: string, text: string): HTMLElement {
  const field = el('input', { type: 'text', readonly: true, value: text })
  const said = el('span', { class: 'aside', role: 'status' })
  const copy = async () => {
    field.select()
    try {
      // Where the browser gives no clipboard, it is selected and can be copied by hand.
      await navigator.clipboard?.writeText(text)
      said.textContent = say(navigator.clipboard ? 'copy.done' : 'copy.selected')
    } catch {
      said.textContent = say('copy.selected')
    }
  }
  return el(
    'div',
    { class: 'copyable' },
    el('label', {}, label, field),
    el(
      'button',
      { type: 'button', 'aria-label': `${say('copy.copy')}: ${label}`, onclick: () => void copy() },
      icon('copy'),
      el('span', {}, say('copy.copy')),
    ),
    said,
  )
}
