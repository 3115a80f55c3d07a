/** For anybody: what an office answered to an objection, by its number. */

import '../styles/public.css'
import { el } from '../dom'
import { dayThere, grouped } from '../format'
import { notice, told } from '../notice'
import type { Page, Visit } from '../pages'
import { answers } from '../public/answers'
import { numberForm } from '../public/number_form'
import { ask, isAbsent } from '../service/api'
import type { PublicObjection } from '../service/public'
import { say } from '../wording'

export async function show({ rest, left }: Visit): Promise<Page> {
  const number = rest[0] ?? ''
  const title = say('objection.title')
  const body: Node[] = [el('h1', {}, title)]
  if (number !== '') body.push(await found(number, left))
  body.push(numberForm(number))
  return { title, body }
}

async function found(number: string, left: AbortSignal): Promise<HTMLElement> {
  try {
    const path = `/status/objections/${encodeURIComponent(number)}`
    return card(await ask<PublicObjection>(path, { signal: left }))
  } catch (error) {
    return isAbsent(error) ? told('bad', say('objection.unknown')) : notice(error)
  }
}

function card(one: PublicObjection): HTMLElement {
  const facts = { day: dayThere(one.created_at, one.time_zone), finding: one.finding ?? '' }
  const about = one.finding === null ? 'objection.about_report' : 'objection.about_finding'
  return el(
    'section',
    { class: 'card' },
    el('p', { class: 'number' }, grouped(one.number)),
    el('p', { class: 'answer' }, one.sentence),
    el('p', { class: 'aside' }, say(about, facts)),
    one.answers.length === 0
      ? el(
          'p',
          {},
          one.due_at === null
            ? say('objection.waits')
            : say('objection.due', { day: dayThere(one.due_at, one.time_zone) }),
        )
      : answers(one.answers, one.time_zone),
    el('a', { class: 'button', href: `#/verify/${one.report_sha256}` }, say('objection.report')),
  )
}
