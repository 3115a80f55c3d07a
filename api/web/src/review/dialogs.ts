/** What is asked for in between: why a finding is rejected; and which keys there are. */

import { el } from '../dom'
import type { Reason } from '../service/reviews'
import { say } from '../wording'
import { keysAreOn, switchKeys } from './keys'

export const KEYS = ['j', 'k', 'a', 'r', 'e', 'n', 'u', 'b', 'l', 'm', 'h', 'c', 'x', '?'] as const

/** Why; null where the person thought better of it. */
export function askReason(
  code: string,
  reasons: readonly Reason[],
): Promise<{ reason_code: string; note: string } | null> {
  const choice = el('select', { name: 'reason', required: true })
  choice.append(el('option', { value: '' }, say('review.choose_reason')))
  for (const one of reasons) choice.append(el('option', { value: one.code }, one.sentence))
  const note = el('textarea', { name: 'note', rows: 3, maxlength: 2000 })
  choice.addEventListener('change', () => {
    note.required = reasons.some((one) => one.code === choice.value && one.needs_note)
  })
  const form = el(
    'form',
    { method: 'dialog' },
    el('h2', {}, say('review.reject_title', { code })),
    el('label', {}, say('review.reason'), choice),
    el('label', {}, say('review.note'), note),
    el(
      'div',
      { class: 'line' },
      el('button', { class: 'main', value: 'reject' }, say('review.reject')),
      el('button', { type: 'button', onclick: () => dialog.close() }, say('review.cancel')),
    ),
  )
  const dialog = el('dialog', { 'aria-label': say('review.reject_title', { code }) }, form)
  return ask(dialog, choice, () =>
    dialog.returnValue === 'reject' ? { reason_code: choice.value, note: note.value.trim() } : null,
  )
}

export async function showKeys(): Promise<void> {
  const rows = KEYS.map((key) =>
    el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, say(`keys.${NAMES[key]}`))),
  )
  const on = el('input', { type: 'checkbox', checked: keysAreOn() })
  on.addEventListener('change', () => switchKeys(on.checked))
  const close = el('button', { class: 'main' }, say('review.close'))
  const dialog = el(
    'dialog',
    { 'aria-label': say('keys.title') },
    el('h2', {}, say('keys.title')),
    el('dl', { class: 'keys' }, ...rows),
    el('label', { class: 'check' }, on, say('keys.on')),
    el('p', { class: 'aside' }, say('keys.off')),
    el('p', {}, say('keys.later')),
    el('form', { method: 'dialog' }, close),
  )
  await ask(dialog, close, () => null)
}

const NAMES = {
  j: 'next',
  k: 'previous',
  a: 'accept',
  r: 'reject',
  e: 'edit',
  n: 'add',
  u: 'undo',
  b: 'blink',
  l: 'loupe',
  m: 'length',
  h: 'area',
  c: 'copy',
  x: 'next_case',
  '?': 'help',
} as const

export function ask<Answer>(
  dialog: HTMLDialogElement,
  first: HTMLElement,
  answer: () => Answer,
): Promise<Answer> {
  document.body.append(dialog)
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(answer())
    })
    dialog.showModal()
    first.focus()
  })
}
