/** Questions in between: a few fields, and the deed itself, whose refusal is told where it was asked. */

import { el, fill } from '../dom'
import { mark } from '../misfit'
import { notice } from '../notice'
import { Problem } from '../service/api'
import { say } from '../wording'
import '../styles/office.css'

interface Question<Answer> {
  title: string
  fields: (Node | string | false)[]
  button: string
  /** Does it; what it throws is told in the question, which stays open. */
  send: (form: FormData) => Promise<Answer>
}

/** What came of it; null where the person thought better of it. */
export function asked<Answer>(question: Question<Answer>): Promise<Answer | null> {
  const { title, fields, button, send } = question
  const said = el('div', {})
  const go = el('button', { class: 'main' }, button)
  let answer: Answer | null = null
  async function submit(event: Event): Promise<void> {
    event.preventDefault()
    go.disabled = true
    fill(said)
    mark(form, null)
    try {
      answer = await send(new FormData(form))
      dialog.close()
    } catch (error) {
      fill(said, notice(error))
      mark(form, error instanceof Problem ? error : null)
    } finally {
      go.disabled = false
    }
  }
  const away = el('button', { type: 'button', onclick: () => dialog.close() }, say('ask.cancel'))
  const form = el(
    'form',
    { onsubmit: (event) => void submit(event) },
    el('h2', { id: 'ask-title' }, title),
    ...fields,
    said,
    el('div', { class: 'line' }, go, away),
  )
  const dialog = el('dialog', { class: 'ask', 'aria-labelledby': 'ask-title' }, form)
  document.body.append(dialog)
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(answer)
    })
    dialog.showModal()
  })
}

/** Something that is shown this once, to be copied. */
export async function showOnce(title: string, what: string, hint: string): Promise<void> {
  const field = el('input', { readonly: true, class: 'secret', 'aria-label': title, value: what })
  const done = el('span', { role: 'status', class: 'aside' })
  async function copy(): Promise<void> {
    field.select()
    // Where the browser gives no clipboard, it is selected and can be copied by hand.
    await navigator.clipboard?.writeText(what)
    done.textContent = say('status.copied')
  }
  const close = el('button', { class: 'main' }, say('ask.noted'))
  const dialog = el(
    'dialog',
    { class: 'ask', 'aria-labelledby': 'once-title' },
    el('h2', { id: 'once-title' }, title),
    el('p', {}, hint),
    el(
      'div',
      { class: 'line' },
      field,
      el('button', { type: 'button', onclick: () => void copy() }, say('status.copy')),
      done,
    ),
    el('form', { method: 'dialog' }, close),
  )
  document.body.append(dialog)
  await new Promise((resolve) => {
    dialog.addEventListener('close', resolve)
    dialog.showModal()
  })
  dialog.remove()
}

/** Boxes to tick, each with a word on what it means. */
export function checks(
  legend: string,
  name: string,
  options: { value: string; label: string; aside?: string }[],
  ticked: string[] = [],
): HTMLFieldSetElement {
  const boxes = options.map(({ value, label, aside }) =>
    el(
      'label',
      {},
      el('input', { type: 'checkbox', name, value, checked: ticked.includes(value) }),
      el(
        'span',
        {},
        label,
        aside !== undefined && aside !== '' && el('span', { class: 'aside' }, aside),
      ),
    ),
  )
  return el('fieldset', { class: 'checks' }, el('legend', {}, legend), ...boxes)
}

export function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim()
}
