/** A short text to keep or to pass on: copied, or handed to what the device sends texts with. */

import { el } from '../dom'
import { say } from '../wording'

/** The links open apps of the device and need no other site. */
const APPS = {
  sms: 'sms:?body=',
  whatsapp: 'whatsapp://send?text=',
  mail: 'mailto:?body=',
} as const

export function passingOn(label: string, words: string): HTMLElement {
  const text = el('textarea', { readonly: true, rows: 3 })
  text.value = words
  const done = el('span', { role: 'status', class: 'aside' })
  async function copy(): Promise<void> {
    text.select()
    done.textContent = (await isCopied(words)) ? say('status.copied') : say('status.copy_by_hand')
  }
  const links = (['sms', 'whatsapp', 'mail'] as const).map((app) =>
    el(
      'a',
      { class: 'button', href: APPS[app] + encodeURIComponent(words) },
      say(`status.by.${app}`),
    ),
  )
  const button = el('button', { type: 'button', onclick: () => void copy() }, say('status.copy'))
  return el(
    'div',
    {},
    el('label', {}, label, text),
    el('div', { class: 'line' }, button, ...links, done),
  )
}

async function isCopied(words: string): Promise<boolean> {
  try {
    if (navigator.clipboard !== undefined) {
      await navigator.clipboard.writeText(words)
      return true
    }
    // Without HTTPS there is no clipboard; the old way copies what is selected.
    return document.execCommand('copy')
  } catch {
    return false
  }
}
