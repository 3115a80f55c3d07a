/** Permits that were found, part by part: how many are shown, and more of them when asked. */

import { el, fill } from '../dom'
import { number } from '../format'
import { notice } from '../notice'
import type { ListedPermit, NearPermit } from '../service/answers'
import type { Parts } from '../service/permits'
import { say } from '../wording'

type Found = ListedPermit | NearPermit

/** Fills the place with the first part; of a list that something else took the place of, nothing. */
export async function showFound(
  place: HTMLElement,
  asked: Parts<Found>,
  draw: { rows: HTMLUListElement; row: (one: Found) => HTMLElement; none: HTMLElement },
  left: AbortSignal,
): Promise<void> {
  const { rows, row, none } = draw
  const count = el('p', { class: 'aside', role: 'status' })
  const said = el('div', {})
  const more = el('button', { type: 'button', onclick: () => void next() }, say('list.more'))
  let after: string | null = null

  async function add(): Promise<void> {
    const part = await asked(after)
    rows.append(...part.items.map(row))
    after = part.after
    more.hidden = after === null
    const shown = number(rows.childElementCount)
    const all = rows.childElementCount === 1 ? 'permits.one' : 'permits.all'
    // All of them are not counted: with a hundred thousand that would cost more than the list.
    count.textContent = say(after === null ? all : 'permits.part', { shown })
  }

  async function next(): Promise<void> {
    const before = rows.childElementCount
    more.disabled = true
    fill(said)
    try {
      await add()
      const first = rows.children[before]
      if (more.hidden) first?.querySelector<HTMLElement>('a, button')?.focus()
    } catch (error) {
      if (!left.aborted) fill(said, notice(error))
    } finally {
      more.disabled = false
    }
  }

  const mine = {}
  latest.set(place, mine)
  try {
    await add()
    if (latest.get(place) !== mine) return
    if (rows.childElementCount === 0) fill(place, none)
    else fill(place, count, rows, said, more)
  } catch (error) {
    if (!left.aborted && latest.get(place) === mine) fill(place, notice(error))
  }
}

/** What a place was asked last to show: an earlier answer that comes later is not shown. */
const latest = new WeakMap<HTMLElement, object>()
