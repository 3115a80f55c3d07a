/** What anybody holds against an inspection's findings, and where the office answers or answered. */

import { el, fill } from '../dom'
import { day, grouped } from '../format'
import { notice } from '../notice'
import type { Listed } from '../service/answers'
import { ask } from '../service/api'
import type { Objection } from '../service/public'
import { say } from '../wording'

const MOST = 200
const read = new WeakMap<AbortSignal, Promise<Objection[]>>()

/** Asked once a visit, however many findings are looked at. */
function objections(inspection: string, left: AbortSignal): Promise<Objection[]> {
  const path = `/objections?${new URLSearchParams({ inspection, size: String(MOST) })}`
  const found =
    read.get(left) ?? ask<Listed<Objection>>(path, { signal: left }).then((page) => page.items)
  read.set(left, found)
  return found
}

/** Those to one finding, or with null all of the inspection; nothing where there are none. */
export function objected(
  inspection: string,
  finding: string | null,
  left: AbortSignal,
): HTMLElement {
  const place = el('div', { class: 'objected' })
  const show = async () => {
    try {
      const all = await objections(inspection, left)
      const these = finding === null ? all : all.filter((one) => one.finding === finding)
      if (these.length === 0) return
      const title = say('objected.title')
      const head = finding === null ? el('h3', {}, title) : el('h4', {}, title)
      fill(place, head, el('ul', {}, ...these.map((one) => row(one, finding === null))))
    } catch (error) {
      if (!left.aborted && finding === null) fill(place, notice(error))
    }
  }
  void show()
  return place
}

function row(one: Objection, withSubject: boolean): HTMLElement {
  const last = one.answers.at(-1)
  const state =
    last === undefined
      ? say('objected.open', { day: day(one.created_at) })
      : say('objected.answered', {
          outcome: say(`objection.outcome.${last.outcome}`),
          day: day(last.created_at),
        })
  const subject = one.finding ?? say('objected.whole')
  return el(
    'li',
    {},
    el('a', { href: `#/objections/${one.id}` }, grouped(one.number)),
    withSubject ? ` · ${subject} · ${state}` : ` · ${state}`,
  )
}
