/** The audit log, for its auditor: whether its chain holds, and what was done by whom. */

import { el } from '../dom'
import { chainPart } from '../office/chain_part'
import { eventsPart } from '../office/events_part'
import type { Page, Visit } from '../pages'
import { people } from '../service/office'
import { hasRole } from '../service/session'
import { say } from '../wording'

export async function show({ rest, left }: Visit): Promise<Page> {
  const title = say('audit.title')
  const known = await people(left)
  const [chain, events] = await Promise.all([
    chainPart(left),
    eventsPart(new URLSearchParams(rest[0] ?? ''), known, left),
  ])
  const isCentral = hasRole('central_admin')
  const lead = el('p', { class: 'lead' }, say(isCentral ? 'audit.lead_central' : 'audit.lead'))
  return { title, body: [el('h1', {}, title), lead, chain, events] }
}
