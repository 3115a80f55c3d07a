/** Asks once more before something is lost for good. */

import { el } from './dom'
import { say } from './wording'

export function isSure(
  question: string,
  deed: string,
  { stay: word = say('app.keep'), about = [] }: { stay?: string; about?: Node[] } = {},
): Promise<boolean> {
  const stay = el('button', { type: 'button', onclick: () => dialog.close() }, word)
  const form = el(
    'form',
    { method: 'dialog' },
    el('h2', {}, question),
    ...about,
    el('div', { class: 'line' }, el('button', { class: 'main', value: 'yes' }, deed), stay),
  )
  const dialog = el('dialog', { 'aria-label': question }, form)
  const before = document.activeElement
  document.body.append(dialog)
  dialog.showModal()
  stay.focus()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      if (before instanceof HTMLElement) before.focus()
      resolve(dialog.returnValue === 'yes')
    })
  })
}
