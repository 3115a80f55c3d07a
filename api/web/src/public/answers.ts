/** What an office answered, the last word last: as the public and as colleagues read it. */

import { el } from '../dom'
import { moment } from '../format'
import type { AnswerOutcome, PublicObjection } from '../service/public'
import { say } from '../wording'

const KINDS: Record<AnswerOutcome, string> = { upheld: 'good', partly: 'doubt', dismissed: '' }

/** To the public by the clock of the office; to colleagues by their own. */
export function answers(said: PublicObjection['answers'], zone?: string): HTMLElement {
  const rows = said.map((one) =>
    el(
      'li',
      {},
      el('span', { class: `tag ${KINDS[one.outcome]}` }, say(`objection.outcome.${one.outcome}`)),
      el('span', { class: 'aside' }, ` ${moment(one.created_at, zone)}`),
      el('p', { class: 'words' }, one.text),
    ),
  )
  return el('ol', { class: 'answered', 'aria-label': say('objection.answers') }, ...rows)
}
