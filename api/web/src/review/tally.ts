/** Disturbed ground in figures: as it was measured, beside what counts after what people said. */

import { el, fill } from '../dom'
import { number } from '../format'
import type { Finding, Location, Values } from '../service/reviews'
import { say } from '../wording'
import type { Known } from './known'

const M2_PER_HA = 10_000
/** As the answers give hectares. */
const DIGITS = 4
export const PLACES: Location[] = ['outside', 'uncertain', 'inside']

interface Sum extends Record<Location, number> {
  count: number
}

export interface Sums {
  measured: Sum
  reviewed: Sum
}

/** Sums of the new findings, or of all ground that lies open; what waits for a word counts. */
export function sums(known: Known, isNewOnly: boolean): Sums {
  const isMeant = ({ epoch }: Finding) => (isNewOnly ? epoch === 'new' : epoch !== 'recovered')
  const meant = known.findings.filter(isMeant)
  return {
    measured: sum(meant.filter((one) => one.added_by === null).map((one) => known.statedOf(one))),
    reviewed: sum(
      meant.filter((one) => one.review?.outcome !== 'rejected').map((one) => known.valuesOf(one)),
    ),
  }
}

function sum(values: (Values | undefined)[]): Sum {
  const total = { count: values.length, outside: 0, uncertain: 0, inside: 0 }
  for (const one of values)
    for (const place of PLACES) total[place] += one?.[`area_${place}_m2`] ?? 0
  return total
}

export class Tally {
  readonly body = el('section', { class: 'tally', hidden: true })

  draw(known: Known, open: number): void {
    if (known.document === null || known.findings.length === 0) return
    const [fresh, all] = [sums(known, true), sums(known, false)]
    const heads = [fresh, all].flatMap(() => [say('tally.measured'), say('tally.reviewed')])
    const cells = (of: (sum: Sum) => string) =>
      [fresh, all].flatMap(({ measured, reviewed }) => pair(of(measured), of(reviewed)))
    const row = (title: string, of: (sum: Sum) => string) =>
      el('tr', {}, el('th', { scope: 'row' }, title), ...cells(of))
    const group = (title: string) => el('th', { scope: 'colgroup', colspan: 2 }, title)
    fill(
      this.body,
      el(
        'table',
        {},
        el('caption', {}, say('tally.title')),
        el(
          'thead',
          {},
          el('tr', {}, el('td', {}), group(say('tally.new')), group(say('tally.all'))),
          el('tr', {}, el('td', {}), ...heads.map((one) => el('th', { scope: 'col' }, one))),
        ),
        el(
          'tbody',
          {},
          ...PLACES.map((place) => row(say(`tally.${place}`), (sum) => hectares(sum[place]))),
          row(say('tally.count'), (sum) => number(sum.count)),
        ),
      ),
      el('p', { class: 'aside' }, say('tally.how'), open > 0 && ` ${say('tally.wait', { open })}`),
      overlap(known, all.reviewed),
    )
    this.body.hidden = false
  }
}

/** What is another after the review stands out. */
function pair(measured: string, reviewed: string): HTMLElement[] {
  const now = measured === reviewed ? reviewed : el('strong', {}, reviewed)
  return [el('td', {}, measured), el('td', {}, now)]
}

export function hectares(squareMetres: number): string {
  return number(squareMetres / M2_PER_HA, DIGITS)
}

/** Where findings share ground, the decided report counts it once: it says how much that is. */
function overlap({ document }: Known, reviewed: Sum): HTMLElement | null {
  const once = document?.review?.areas_ha
  if (once === undefined) return null
  const told = PLACES.map((place) => [place, number(once[place], DIGITS)] as const)
  if (told.every(([place, ha]) => ha === hectares(reviewed[place]))) return null
  return el('p', { class: 'aside' }, say('tally.overlap', Object.fromEntries(told)))
}
