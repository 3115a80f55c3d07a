/** A long list that shows its first rows, and more of them when they are asked for. */

import { el } from '../dom'
import { number } from '../format'
import { say } from '../wording'

const FIRST = 10
const MORE = 50

export function folded<Item>(items: Item[], row: (item: Item) => HTMLElement): HTMLElement {
  const rows = el('ul', { class: 'rows' }, ...items.slice(0, FIRST).map(row))
  if (items.length <= FIRST) return rows
  let shown = FIRST
  const more = el('button', { type: 'button', class: 'plain' })
  const tell = () => {
    const [next, left] = [Math.min(MORE, items.length - shown), items.length - shown]
    more.textContent = say('import.more', { next: number(next), left: number(left) })
    more.hidden = left === 0
  }
  more.addEventListener('click', () => {
    const next = items.slice(shown, shown + MORE).map(row)
    shown += next.length
    rows.append(...next)
    next[0]?.setAttribute('tabindex', '-1')
    next[0]?.focus()
    tell()
  })
  tell()
  return el('div', {}, rows, more)
}
