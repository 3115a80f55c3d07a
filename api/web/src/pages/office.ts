/** The office, for its administrator: when it works, by which rules, and what left for other systems. */

import { el } from '../dom'
import type { Page, Visit } from '../pages'
import { say } from '../wording'
import '../styles/office.css'

const PARTS = ['overview', 'calendar', 'rules', 'messages'] as const

type Part = (typeof PARTS)[number]

export async function show({ rest, left }: Visit): Promise<Page> {
  const here = PARTS.find((one) => one === rest[0]) ?? 'overview'
  const title = say('office.title')
  const links = PARTS.map((one) =>
    el(
      'a',
      { href: `#/office/${one}`, 'aria-current': one === here && 'page' },
      say(`office.part.${one}`),
    ),
  )
  const tabs = el('nav', { class: 'tabs', 'aria-label': title }, ...links)
  return { title, body: [el('h1', {}, title), tabs, await part(here, rest.slice(1), left)] }
}

async function part(name: Part, rest: string[], left: AbortSignal): Promise<HTMLElement> {
  switch (name) {
    case 'calendar':
      return (await import('../office/calendar_part')).calendarPart(rest, left)
    case 'rules':
      return (await import('../office/rules_part')).rulesPart(left)
    case 'messages':
      return (await import('../office/messages_part')).messagesPart(left)
    default:
      return (await import('../office/overview_part')).overviewPart(left)
  }
}
