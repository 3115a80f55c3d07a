/** What is done to a list: the deed, what went wrong with it, and the list drawn anew. */

import { el, fill } from '../dom'
import { notice } from '../notice'

/** A deed that gives null was thought better of. */
export type Do = (deed: Promise<unknown>) => Promise<void>

export function doing(
  draw: () => Promise<void>,
  left: AbortSignal,
): { said: HTMLElement; run: Do } {
  const said = el('div', {})
  async function run(deed: Promise<unknown>): Promise<void> {
    fill(said)
    try {
      if ((await deed) !== null) await draw()
    } catch (error) {
      if (!left.aborted) fill(said, notice(error))
    }
  }
  return { said, run }
}

/** A small button that says what it does, and to what for who cannot see where it stands. */
export function deed(label: string, about: string, onclick: () => void): HTMLButtonElement {
  const name = `${label}: ${about}`
  return el('button', { type: 'button', class: 'plain', 'aria-label': name, onclick }, label)
}

export function listed(rows: HTMLElement[], empty: string): HTMLElement {
  if (rows.length === 0) return el('p', { class: 'aside' }, empty)
  return el('ul', { class: 'rows' }, ...rows)
}
