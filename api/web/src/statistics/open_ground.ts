/** Figures of the ground that lies open: by year, by district, and the permits with the most. */

import { el } from '../dom'
import { day, number } from '../format'
import type { District, Figures, Ground, Open, PermitGrounds } from '../service/statistics'
import { say } from '../wording'
import { figure, tableFiles } from './figure'

const MOST = 10
const DIGITS = 2

export function yearsFigure(figures: Figures): HTMLElement {
  const { total, years, unread } = figures.ground
  const lead = [say('statistics.ground.lead', facts(total))]
  if (unread > 0) lead.push(say('statistics.ground.unread', { count: number(unread) }))
  return figure({
    title: say('statistics.ground.years'),
    lead: lead.join(' '),
    drawn: drawnOf(
      say('statistics.ground.years'),
      years.map((one) => [String(one.year), one]),
    ),
    heads: [say('statistics.ground.year'), ...SUMS()],
    rows: years.map((one) => [String(one.year), ...sums(one)]),
    files: tableFiles('years', figures),
  })
}

export function districtsFigure(figures: Figures): HTMLElement {
  const shown = figures.ground.districts.slice(0, MOST)
  return figure({
    title: say('statistics.ground.districts'),
    lead: more(figures.ground.districts.length, 'statistics.ground.districts_lead'),
    drawn: drawnOf(
      say('statistics.ground.districts'),
      shown.map((one) => [placeName(one), one]),
    ),
    heads: [say('statistics.ground.district'), ...SUMS()],
    rows: shown.map((one) => [placeName(one), ...sums(one)]),
    files: tableFiles('districts', figures, true),
  })
}

export function permitsFigure(figures: Figures, { items, count }: PermitGrounds): HTMLElement {
  return figure({
    title: say('statistics.ground.permits'),
    lead: more(count, 'statistics.ground.permits_lead'),
    drawn: drawnOf(
      say('statistics.ground.permits'),
      items.map((one) => [one.reference, one]),
    ),
    heads: [
      say('statistics.ground.permit'),
      say('statistics.ground.seen'),
      say('statistics.ground.disturbed'),
      say('statistics.ground.new'),
      say('statistics.ground.recovered'),
    ],
    rows: items.map((one) => [
      el('a', { href: `#/permit/${one.permit_id}` }, one.reference),
      day(one.seen_at, 'medium'),
      ...hectares(one),
    ]),
    files: tableFiles('permits', figures, true),
  })
}

/** How many permits are shown of a list that is asked for. */
export const SHOWN = MOST

function drawnOf(title: string, lines: [string, Open][]) {
  return {
    title,
    bars: lines.map(([name, one]) => ({
      name,
      parts: [one.disturbed_ha - (one.new_ha ?? 0), one.new_ha ?? 0],
      said: `${number(one.disturbed_ha, DIGITS)} ha`,
    })),
    legend: [say('statistics.ground.standing'), say('statistics.ground.new')],
  }
}

const SUMS = () => [
  say('statistics.ground.count'),
  say('statistics.ground.disturbed'),
  say('statistics.ground.new'),
  say('statistics.ground.recovered'),
]

function sums(one: Ground): string[] {
  const known = one.compared
  const count =
    known === one.permits
      ? number(one.permits)
      : say('statistics.ground.compared', { permits: number(one.permits), known: number(known) })
  return [count, ...hectares(one)]
}

/** What is not known is said to be so; it is not none. */
function hectares({ disturbed_ha, new_ha, recovered_ha }: Open): string[] {
  return [disturbed_ha, new_ha, recovered_ha].map((one) =>
    one === null ? say('statistics.ground.unknown') : number(one, DIGITS),
  )
}

function placeName({ regency, district }: District): string {
  if (regency === null && district === null) return say('statistics.ground.nowhere')
  return [district ?? '–', regency ?? '–'].join(', ')
}

function more(
  count: number,
  key: 'statistics.ground.districts_lead' | 'statistics.ground.permits_lead',
): string {
  if (count === 0) return ''
  return say(key, { shown: number(Math.min(MOST, count)), count: number(count) })
}

function facts(total: Ground): Record<string, string> {
  return {
    permits: number(total.permits),
    area: number(total.disturbed_ha, DIGITS),
    undecided: number(total.undecided),
  }
}
