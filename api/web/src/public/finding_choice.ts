/** Which finding is meant: one list, what is known of the chosen one, and where it lies. */

import { el, fill } from '../dom'
import { ground, length } from '../format'
import type { PublicFinding, Subject } from '../service/public'
import { say } from '../wording'
import { whereFrom } from './where_from'

/** `draw` shows what is chosen, where it was not chosen by hand. */
export function findingChoice(
  { findings, rejected, is_compared: isCompared }: Subject,
  chosen: string | undefined,
): { body: HTMLElement; draw: () => void } {
  const about = el('div', { class: 'about', 'aria-live': 'polite' })
  const list = el(
    'select',
    { name: 'finding', onchange: draw },
    el('option', { value: '' }, say('object.whole')),
    ...findings.map((one) =>
      el('option', { value: one.code, selected: one.code === chosen }, figures(one, isCompared)),
    ),
  )
  function draw(): void {
    const one = findings.find(({ code }) => code === list.value)
    if (one === undefined) fill(about)
    else fill(about, whereFrom(findings, one), el('p', { class: 'aside' }, whereabouts(one)))
  }
  const body = el(
    'div',
    { class: 'choosing' },
    el('label', {}, say('object.what'), list),
    about,
    findings.length === 0 && el('p', { class: 'aside' }, say('object.no_findings')),
    rejected > 0 && el('p', { class: 'aside' }, say('object.rejected', { count: rejected })),
  )
  return { body, draw }
}

function figures(one: PublicFinding, isCompared: boolean): string {
  const more = [
    say(`ground.${one.ground_class}`),
    say(`epoch.${isCompared || one.epoch !== 'standing' ? one.epoch : 'undated'}`),
    say(`place.${one.location}`),
    ground(one.area_m2, one.area_uncertainty_m2 ?? undefined),
  ]
  return `${one.code} ${more.join(' · ')}`
}

/** Enough to know the finding by on the ground; its outline is in the report. */
function whereabouts(one: PublicFinding): string {
  const said: string[] = []
  if (one.location !== 'outside' && (one.area_outside_m2 ?? 0) > 0)
    said.push(say('object.outside', { area: ground(one.area_outside_m2 ?? 0) }))
  if (one.distance_outside_m !== null)
    said.push(say('figure.beyond', { reach: length(one.distance_outside_m) }))
  const side = say(`object.direction.${one.direction}`)
  said.push(
    one.from_middle_m === 0
      ? say('object.at_middle')
      : say('object.from_middle', { side, distance: length(one.from_middle_m) }),
  )
  if (one.is_edited) said.push(say('object.edited'))
  return said.join(' · ')
}
