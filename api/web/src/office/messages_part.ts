/** What the record system is told: what arrived, what did not and why, and once more. */

import { el, fill } from '../dom'
import { moment, number } from '../format'
import type { Listed } from '../service/answers'
import { ask } from '../service/api'
import { say } from '../wording'
import { type Do, deed, doing, listed } from './doing'
import type { OfficeTold } from './overview_part'

interface Message {
  id: string
  created_at: string
  report_id: string
  report_sequence: number
  permit_reference: string
  attempts: number
  next_at: string | null
  delivered_at: string | null
  given_up_at: string | null
  problem: { code: string; message: string; hint: string } | null
}

export async function messagesPart(left: AbortSignal): Promise<HTMLElement> {
  const office = await ask<OfficeTold>('/office', { signal: left })
  const list = el('div', {})
  const more = el('button', { type: 'button' }, say('list.more'))
  const rows: HTMLElement[] = []
  let after: string | null = null

  async function add(): Promise<void> {
    const asked = new URLSearchParams(after === null ? {} : { after })
    const page: Listed<Message> = await ask(`/messages?${asked}`, { signal: left })
    rows.push(...page.items.map((one) => row(one, office.record_system, run)))
    after = page.after
    more.hidden = after === null
    fill(list, listed(rows, say('office.no_messages')))
  }

  async function draw(): Promise<void> {
    rows.length = 0
    after = null
    await add()
  }

  const { said, run } = doing(draw, left)
  more.addEventListener('click', () => void add())
  await draw()
  const state = say(office.record_system ? 'office.webhook_on' : 'office.webhook_off')
  return el('div', {}, el('p', { class: 'card' }, state), said, list, more)
}

function row(one: Message, isSetUp: boolean, run: Do): HTMLElement {
  const again = () => void run(ask(`/messages/${one.id}/send`, { method: 'POST' }))
  const state = one.delivered_at ? 'delivered' : one.given_up_at ? 'given_up' : 'waiting'
  const isNowhere = state === 'waiting' && !isSetUp
  // What is due stays so while no worker runs.
  const isDue = state === 'waiting' && (one.next_at === null || new Date(one.next_at) <= new Date())
  const kind = { delivered: 'good', given_up: 'bad', waiting: '' }[state]
  const when = one.delivered_at ?? one.given_up_at ?? one.next_at
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el(
        'strong',
        {},
        say('office.message_of', {
          permit: one.permit_reference,
          number: number(one.report_sequence),
        }),
      ),
      el('div', {}, say('office.message', { when: moment(one.created_at) })),
      el('div', { class: 'aside' }, say('office.attempts', { count: number(one.attempts) })),
      one.problem !== null && el('div', {}, `${one.problem.message} ${one.problem.hint}`),
    ),
    el(
      'span',
      { class: `tag ${kind}` },
      isNowhere
        ? say('office.state.nowhere')
        : isDue
          ? say('office.state.due')
          : say(`office.state.${state}`, { when: when ? moment(when) : '' }),
    ),
    state !== 'delivered' && isSetUp && deed(say('office.send'), one.permit_reference, again),
  )
}
