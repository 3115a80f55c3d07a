/** For the office: what is objected to its reports, what waits for an answer first; and one of them. */

import '../styles/public.css'
import { el } from '../dom'
import { grouped, moment } from '../format'
import { AnswerPart } from '../objections/answer_part'
import type { Page, Visit } from '../pages'
import { answers } from '../public/answers'
import type { Listed } from '../service/answers'
import { ask } from '../service/api'
import type { Objection } from '../service/public'
import { say } from '../wording'

export async function show({ rest, left }: Visit): Promise<Page> {
  const id = rest[0]
  return id === undefined ? list(left) : one(id, left)
}

async function list(signal: AbortSignal): Promise<Page> {
  const title = say('objections.title')
  const rows = el('ul', { class: 'rows' })
  const more = el('button', { type: 'button', onclick: () => void add() }, say('list.more'))
  let after: string | null = null

  async function add(): Promise<void> {
    const query = after === null ? '' : `?${new URLSearchParams({ after })}`
    const page = await ask<Listed<Objection>>(`/objections${query}`, { signal })
    rows.append(...page.items.map(row))
    after = page.after
    more.hidden = after === null
  }

  await add()
  const empty = el('p', { class: 'card empty' }, say('objections.empty'))
  const found = rows.childElementCount === 0 ? [empty] : [rows, more]
  const lead = el('p', { class: 'lead' }, say('objections.lead'))
  return { title, body: [el('h1', {}, title), lead, ...found] }
}

function row(one: Objection): HTMLElement {
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('a', { href: `#/objections/${one.id}` }, one.permit_reference),
      ` · ${about(one)} · ${grouped(one.number)}`,
      el('div', { class: 'aside' }, say('objections.filed', { when: moment(one.created_at) })),
    ),
    stateTag(one),
  )
}

function stateTag(one: Objection): HTMLElement {
  const tag = (kind: string, words: string) => el('span', { class: `tag ${kind}` }, words)
  if (one.answered_at !== null) return tag('good', say('objections.answered'))
  if (one.due_at === null) return tag('doubt', say('objections.open'))
  const isLate = new Date(one.due_at) < new Date()
  const facts = { when: moment(one.due_at) }
  return isLate
    ? tag('bad', say('objections.overdue', facts))
    : tag('doubt', say('objections.due', facts))
}

function about(one: Objection): string {
  return one.finding === null
    ? say('objections.report', { sequence: one.sequence })
    : say('objections.finding', { sequence: one.sequence, finding: one.finding })
}

async function one(id: string, signal: AbortSignal): Promise<Page> {
  const found = await ask<Objection>(`/objections/${encodeURIComponent(id)}`, { signal })
  const title = say('objections.one', { number: grouped(found.number) })
  const said = answers(found.answers)
  said.hidden = found.answers.length === 0
  const state = el('span', {}, stateTag(found))
  const part = new AnswerPart(found, (now) => {
    said.replaceChildren(...answers(now.answers).childNodes)
    said.hidden = false
    state.replaceChildren(stateTag(now))
  })
  const body = [
    el('p', {}, el('a', { href: '#/objections' }, say('objections.back'))),
    el('h1', {}, title),
    el(
      'section',
      { class: 'card' },
      el(
        'p',
        {},
        el('a', { href: `#/inspection/${found.inspection_id}` }, found.permit_reference),
        ` · ${about(found)} `,
        state,
      ),
      el('p', { class: 'aside' }, say('objections.filed', { when: moment(found.created_at) })),
      el('blockquote', { class: 'words' }, found.text),
      part.contact,
    ),
    el('section', { class: 'card' }, el('h2', {}, say('objection.answers')), said, part.form),
  ]
  return { title, body }
}
