/** What came of a flight for who flew it: what it showed, what to fly again, and what was odd. */

import { el, fill } from '../dom'
import { number, percent } from '../format'
import { notice, told } from '../notice'
import { sample } from '../review/swatch'
import type { Inspection } from '../service/answers'
import {
  FORMS,
  type Gap,
  type Gaps,
  gapsFile,
  gapsOf,
  inspectedGround,
  type Warning,
  warningsOf,
} from '../service/coverage'
import { say } from '../wording'
import '../styles/coverage.css'

/** Rows that are shown at first. */
const FEW = 6
const WHOLE = 1

/** Reads it all before anything is shown, so that nothing moves when it comes. */
export async function coveragePart(
  done: Inspection,
  withMap: boolean,
  left: AbortSignal,
): Promise<HTMLElement> {
  try {
    const [gaps, warnings] = await Promise.all([gapsOf(done.id, left), warningsOf(done.id, left)])
    return drawn(done, gaps, warnings, withMap, left)
  } catch (error) {
    if (left.aborted) throw error
    return el('section', {}, notice(error))
  }
}

function drawn(
  done: Inspection,
  gaps: Gaps,
  warnings: Warning[],
  withMap: boolean,
  left: AbortSignal,
): HTMLElement {
  const all = gaps.features.map((one) => one.properties)
  const inPermit = all.filter((one) => one.where === 'permit')
  const map = el('div', { class: 'map small', 'aria-busy': 'true' })
  if (withMap) void mapOf(map, done, gaps, left)
  return el(
    'section',
    { class: 'card coverage', 'aria-labelledby': 'coverage-title' },
    el('h2', { id: 'coverage-title' }, say('coverage.title')),
    verdict(gaps, inPermit.length),
    withMap && map,
    withMap && legend(all.length > 0),
    all.length > 0 && again(done, all, inPermit.length, isEnough(gaps)),
    warnings.length > 0 && warned(warnings),
  )
}

function verdict(gaps: Gaps, count: number): HTMLElement {
  if (gaps.observed_share >= WHOLE) return told('good', say('coverage.whole'))
  const facts = {
    share: percent(gaps.observed_share, 1),
    area: number(gaps.not_observed_ha, gaps.not_observed_ha < 0.1 ? 4 : 2),
    count,
  }
  if (count === 0) return told('plain', say('coverage.crumbs', facts))
  if (isEnough(gaps)) {
    const least = percent(gaps.least_observed_share ?? WHOLE)
    return told('plain', say('coverage.within', { ...facts, least }), say('coverage.within_hint'))
  }
  return told('doubt', say('coverage.part', facts), say('coverage.part_hint'))
}

/** As the answer says whether the permit was seen wholly. */
function isEnough({ observed_share, least_observed_share }: Gaps): boolean {
  return least_observed_share !== null && observed_share >= least_observed_share
}

async function mapOf(place: HTMLElement, done: Inspection, gaps: Gaps, left: AbortSignal) {
  place.setAttribute('role', 'group')
  place.tabIndex = 0
  place.setAttribute('aria-label', say('coverage.map', { count: gaps.features.length }))
  try {
    const [{ drawCoverage }, boundary] = await Promise.all([
      import('../map/coverage_map'),
      inspectedGround(done, left),
    ])
    if (!left.aborted) drawCoverage(place, boundary, gaps, left)
  } catch (error) {
    if (left.aborted) return
    place.removeAttribute('role')
    place.removeAttribute('tabindex')
    fill(place, notice(error))
  }
}

function legend(hasGaps: boolean): HTMLElement {
  return el(
    'ul',
    { class: 'legend' },
    el('li', {}, sample('boundary'), say('map.legend.boundary')),
    el('li', {}, sample('seen'), say('coverage.seen')),
    hasGaps && el('li', {}, sample('unseen'), say('coverage.unseen')),
  )
}

/** The gaps, the largest first, and files of them for the planner of the next flight. */
function again(done: Inspection, all: Gap[], inPermit: number, isEnough: boolean): HTMLElement {
  const rows = el('ul', { class: 'gaps' }, ...all.slice(0, FEW).map(row))
  const more = el(
    'button',
    { type: 'button', class: 'plain unfolds' },
    say('coverage.all', { count: all.length }),
  )
  more.addEventListener('click', () => {
    rows.append(...all.slice(FEW).map(row))
    more.remove()
    rows.querySelectorAll('li')[FEW]?.focus()
  })
  const links = el('div', { class: 'line' })
  const draw = (where: string | null) =>
    fill(
      links,
      ...FORMS.map((form) =>
        el(
          'a',
          { class: 'button', href: gapsFile(done.id, form, where), download: true },
          say(`coverage.form.${form}`),
        ),
      ),
    )
  const hasRing = all.length > inPermit
  const ring = el('input', { type: 'checkbox', checked: inPermit === 0 })
  ring.addEventListener('change', () => draw(ring.checked ? null : 'permit'))
  draw(inPermit === 0 ? null : 'permit')
  return el(
    'div',
    {},
    el('h3', {}, say(isEnough ? 'coverage.gaps' : 'coverage.again')),
    rows,
    all.length > FEW && more,
    el('p', { class: 'aside' }, say('coverage.files')),
    hasRing && inPermit > 0 && el('label', { class: 'tick' }, ring, say('coverage.ring')),
    links,
  )
}

function row(one: Gap): HTMLElement {
  const where = one.where === 'ring' && el('span', { class: 'tag' }, say('coverage.in_ring'))
  return el('li', { tabindex: -1 }, el('strong', {}, one.code), ' ', one.description, ' ', where)
}

function warned(warnings: Warning[]): HTMLElement {
  const items = warnings.map((one) =>
    el('li', {}, one.message, one.hint !== null && el('div', { class: 'aside' }, one.hint)),
  )
  return el(
    'div',
    { class: 'noted' },
    el('h3', {}, say('coverage.warned')),
    el('ul', { class: 'warned' }, ...items),
  )
}
