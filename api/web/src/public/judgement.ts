/** What can be said of a report that somebody holds in their hands, and what to compare it with. */

import { el } from '../dom'
import { dayThere } from '../format'
import { told } from '../notice'
import type { Judgement, PublicReport } from '../service/public'
import { say } from '../wording'

const KINDS = {
  genuine: 'good',
  undecided: 'doubt',
  superseded: 'doubt',
  altered: 'bad',
  unproven: 'doubt',
  unknown: 'bad',
} as const
const SHORT = 16

/** `by` is what was looked at: the file itself, or only the code that is printed in it. */
export function judgementCard(judged: Judgement, by: 'file' | 'code'): HTMLElement {
  const { verdict, report } = judged
  const isOnlyNamed = by === 'code' && report !== null
  return el(
    'section',
    { class: `card judgement ${KINDS[verdict]}`, 'aria-labelledby': 'verdict' },
    el('h2', { id: 'verdict' }, say(`verify.verdict.${verdict}`)),
    el('p', {}, judged.sentence),
    judged.flaws.length > 0 && flaws(judged),
    report === null && el('p', {}, say(by === 'code' ? 'verify.check_code' : 'verify.ask_office')),
    isOnlyNamed && told('doubt', say('verify.compare'), say('verify.compare_hint')),
    report !== null && figures(report),
    report !== null && actions(report),
  )
}

function flaws(judged: Judgement): HTMLElement {
  const rows = judged.flaws.map((one) => el('li', {}, one.message))
  return el('div', {}, el('h3', {}, say('verify.flaws')), el('ul', {}, ...rows))
}

function figures(report: PublicReport): HTMLElement {
  const later = report.superseded_by
  const rows: [string, Node | string][] = [
    [say('verify.permit'), report.permit_reference],
    [say('verify.made'), dayThere(report.created_at, report.time_zone)],
    [say('verify.code'), report.code],
    [say('verify.hash'), `${report.sha256.slice(0, SHORT)} …`],
    [
      say('verify.decision'),
      report.decision === null
        ? say('verify.undecided')
        : say(`inspection.review_state.${report.decision}`),
    ],
  ]
  if (report.attached_at !== null)
    rows.push([say('verify.attached'), dayThere(report.attached_at, report.time_zone)])
  if (later !== null) {
    const link = el('a', { href: `#/verify/${later.code}` }, later.code)
    rows.push([
      say('verify.later'),
      el('span', {}, link, ` · ${dayThere(later.created_at, report.time_zone)}`),
    ])
  }
  const told = rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value)))
  return el('dl', { class: 'facts' }, ...told)
}

function actions(report: PublicReport): HTMLElement {
  const address = `#/object/report/${report.sha256}`
  return el('a', { class: 'button', href: address }, say('verify.object'))
}
