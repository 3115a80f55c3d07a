/** Disturbed ground in figures: as it was measured, beside what counts after what people said. */

import { el, fill } from '../dom'
import { number } from '../format'
import type { Finding, Location } from '../service/reviews'
import { say } from '../wording'
import type { Known } from './known'

const M2_PER_HA = 10_000
/** As the answers give hectares. */
const DIGITS = 4
export const PLACES: Location[] = ['outside', 'uncertain', 'inside']

/** A column of the table, as it is written. */
type Figures = Record<Location | 'count', string>

/** What is new, nobody knows who has one flight alone. */
const UNKNOWN: Figures = { outside: '–', uncertain: '–', inside: '–', count: '–' }

/** Of the new findings, or of all ground that lies open. */
function meant(known: Known, isNewOnly: boolean): Finding[] {
  return known.findings.filter(({ epoch }) => (isNewOnly ? epoch === 'new' : epoch !== 'recovered'))
}

/** What the inspection measured: its own findings share no ground. */
function measured(known: Known, isNewOnly: boolean): Figures {
  if (isNewOnly && !known.isCompared) return UNKNOWN
  const own = meant(known, isNewOnly).filter((one) => one.added_by === null)
  const places = PLACES.map((place) => {
    const each = own.map((one) => known.statedOf(one)?.[`area_${place}_m2`] ?? 0)
    return [place, hectares(each.reduce((sum, more) => sum + more, 0) / M2_PER_HA)] as const
  })
  return { ...Object.fromEntries(places), count: number(own.length) } as Figures
}

/** What counts after what was said, as the service measured it; what waits for a word counts. */
function reviewed(known: Known, isNewOnly: boolean): Figures {
  if (isNewOnly && !known.isCompared) return UNKNOWN
  const counted = meant(known, isNewOnly).filter((one) => one.review?.outcome !== 'rejected')
  const ground = known.ground?.[isNewOnly ? 'new' : 'disturbed']
  const places = PLACES.map((place) => [place, ground ? hectares(ground[place]) : '…'] as const)
  return { ...Object.fromEntries(places), count: number(counted.length) } as Figures
}

export class Tally {
  readonly body = el('section', { class: 'tally', hidden: true })

  /** While a word is under way the figures after it are not known yet: that is shown. */
  draw(known: Known, open: number): void {
    this.body.setAttribute('aria-busy', String(!known.isGroundKnown))
    if (known.document === null || known.findings.length === 0) return
    const both = [true, false].map(
      (isNewOnly) => [measured(known, isNewOnly), reviewed(known, isNewOnly)] as const,
    )
    const heads = both.flatMap(() => [say('tally.measured'), say('tally.reviewed')])
    const row = (title: string, name: keyof Figures) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, title),
        ...both.flatMap(([before, now]) => pair(before[name], now[name])),
      )
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
          ...PLACES.map((place) => row(say(`tally.${place}`), place)),
          row(say('tally.count'), 'count'),
        ),
      ),
      el(
        'p',
        { class: 'aside' },
        say('tally.how'),
        !known.isCompared && ` ${say('tally.undated')}`,
        open > 0 && ` ${say('tally.wait', { open })}`,
      ),
    )
    this.body.append(...explained(known))
    this.body.hidden = false
  }
}

/** What the table leaves out of the list, and what of it is held against the permit's limit. */
function explained(known: Known): HTMLElement[] {
  const recovered = known.findings.filter(({ epoch }) => epoch === 'recovered').length
  const { value, limit } = known.document?.answers.limits ?? { value: null, limit: null }
  const words: string[] = []
  if (recovered > 0) words.push(say('tally.recovered', { count: recovered }))
  if (value !== null && limit !== null)
    words.push(say('tally.limit', { value: hectares(value), limit: number(limit, 2) }))
  return words.map((one) => el('p', { class: 'aside' }, one))
}

/** What is another after the review stands out. */
function pair(measured: string, reviewed: string): HTMLElement[] {
  const now = measured === reviewed ? reviewed : el('strong', {}, reviewed)
  return [el('td', {}, measured), el('td', { class: 'after' }, now)]
}

export function hectares(count: number): string {
  return number(count, DIGITS)
}
