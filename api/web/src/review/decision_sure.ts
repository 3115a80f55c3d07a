/** Before a decision: what it rests on, and whether it is meant. */

import { el } from '../dom'
import type { Outcome, Verdict } from '../service/reviews'
import { isSure } from '../sure'
import { say } from '../wording'
import type { Known } from './known'
import { hectares, PLACES, sums } from './tally'

export function isSureOf(outcome: Verdict, known: Known): Promise<boolean> {
  const asked = { stay: say('decision.stay'), about: summary(known) }
  return isSure(say(`decision.sure.${outcome}`), say(`decision.do.${outcome}`), asked)
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
  if (known.document === null) return [told]
  const { reviewed } = sums(known, false)
  const areas = Object.fromEntries(PLACES.map((one) => [one, hectares(reviewed[one])]))
  return [told, el('p', {}, say('decision.ground', areas))]
}
