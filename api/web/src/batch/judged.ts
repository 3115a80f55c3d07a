/** A table as the service judged it: what can be inspected, and of each other row why it cannot. */

import { el } from '../dom'
import { number } from '../format'
import { told } from '../notice'
import type { Judged, Row } from '../service/batches'
import { say } from '../wording'

const SHOWN = 50

export function judgedPart(judged: Judged, start: HTMLElement | null): HTMLElement[] {
  const { ready, refused, rows } = judged
  const facts = { ready: number(ready), refused: number(refused) }
  const bad = rows.filter((one) => one.problem !== null)
  const good = rows.filter((one) => one.problem === null)
  return [
    told(refused === 0 ? 'good' : ready === 0 ? 'bad' : 'doubt', say('batches.judged', facts)),
    ...(start === null ? [] : [el('p', {}, start)]),
    ...listed(say('batches.bad_rows'), bad),
    ...listed(say('batches.good_rows'), good),
  ]
}

function listed(title: string, rows: Row[]): HTMLElement[] {
  if (rows.length === 0) return []
  const list = el('ul', { class: 'rows' })
  const more = el('button', { type: 'button', class: 'unfolds' }, say('list.more'))
  const add = () => {
    const at = list.childElementCount
    list.append(...rows.slice(at, at + SHOWN).map(drawn))
    more.hidden = list.childElementCount >= rows.length
  }
  more.addEventListener('click', add)
  add()
  return [el('h2', {}, `${title} (${number(rows.length)})`), list, more]
}

function drawn({ row, permit, current, baseline, problem }: Row): HTMLElement {
  const flights = [current, baseline].filter((one) => one !== null).join(' · ')
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('strong', {}, `${say('batches.row', { row: number(row) })}: ${permit ?? '–'}`),
      flights !== '' && el('div', { class: 'aside' }, flights),
      problem !== null && el('div', {}, problem.message),
      problem !== null && el('div', { class: 'aside' }, problem.hint),
    ),
    problem === null
      ? el('span', { class: 'tag good' }, say('batches.fit'))
      : el('span', { class: 'tag bad' }, say('batches.unfit')),
  )
}
