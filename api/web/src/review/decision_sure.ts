/** Before a decision: what it rests on, whether it is meant, and what becomes of its report. */

import { el } from '../dom'
import type { Outcome, Verdict } from '../service/reviews'
import { isSure } from '../sure'
import { say } from '../wording'
import type { Known } from './known'
import { hectares, PLACES } from './tally'

/** Null where it is not meant. Whoever decides may attach: it is the same role. */
export async function isSureOf(
  outcome: Verdict,
  known: Known,
): Promise<{ attach: boolean } | null> {
  const tick = el('input', { type: 'checkbox', name: 'attach', checked: outcome === 'approved' })
  const attaching = el('label', { class: 'check' }, tick, say('decision.attach_too'))
  const about = summary(known)
  if (outcome !== 'returned') about.push(attaching)
  const asked = { stay: say('decision.stay'), about }
  const sure = await isSure(say(`decision.sure.${outcome}`), say(`decision.do.${outcome}`), asked)
  return sure ? { attach: outcome !== 'returned' && tick.checked } : null
}

function summary(known: Known): Node[] {
  const { findings } = known
  const count = (outcome: Outcome | undefined) =>
    findings.filter((one) => one.review?.outcome === outcome).length
  const facts = {
    accepted: count('accepted'),
    rejected: count('rejected'),
    edited: count('edited'),
    added: findings.filter((one) => one.added_by !== null).length,
    open: count(undefined),
  }
  const told = el('p', {}, say('decision.words', facts))
  const { ground } = known
  if (ground === null || !known.isGroundKnown) return [told]
  const areas = Object.fromEntries(PLACES.map((one) => [one, hectares(ground.disturbed[one])]))
  return [told, el('p', {}, say('decision.ground', areas))]
}
