/** Figures of the office's work: what was asked for, how long decisions took, what waits. */

import { number, percent } from '../format'
import type { Reason } from '../service/reviews'
import type { Decisions, Figures, Judged } from '../service/statistics'
import { has, say } from '../wording'
import { figure, tableFiles } from './figure'
import { monthName } from './month'

const MINUTES = 60

export function inspectionsFigure(figures: Figures): HTMLElement {
  const months = figures.inspections
  const rest = (one: (typeof months)[number]) => one.submitted - one.done
  return figure({
    title: say('statistics.inspections.title'),
    lead: say('statistics.inspections.lead', {
      count: number(months.reduce((sum, one) => sum + one.submitted, 0)),
    }),
    drawn: {
      title: say('statistics.inspections.title'),
      bars: months.map((one) => ({
        name: monthName(one.month),
        parts: [one.done, rest(one)],
        said: number(one.submitted),
      })),
      legend: [say('statistics.inspections.done'), say('statistics.inspections.rest')],
    },
    heads: [
      say('statistics.month'),
      say('statistics.inspections.submitted'),
      say('statistics.inspections.done'),
      say('statistics.inspections.not_comparable'),
      say('statistics.inspections.approved'),
      say('statistics.inspections.declined'),
      say('statistics.inspections.rest'),
    ],
    rows: months.map((one) => [
      monthName(one.month),
      ...[one.submitted, one.done, one.not_comparable, one.approved, one.declined, rest(one)].map(
        (many) => number(many),
      ),
    ]),
    files: tableFiles('inspections', figures),
  })
}

/** In working hours where the clocks of the office count any, else by the clock on the wall. */
export function decisionsFigure(figures: Figures): HTMLElement {
  const [every, ...months] = figures.decisions
  const isWorking = (every?.counted ?? 0) > 0
  const spread = (one: Decisions) => {
    if (!isWorking) return one.elapsed_hours
    const counted = one.working_minutes
    return counted && { median: counted.median / MINUTES, ninety: counted.ninety / MINUTES }
  }
  const hours = (value: number | undefined) => (value === undefined ? '–' : number(value, 1))
  const unit = isWorking ? 'working' : 'elapsed'
  const lines = figures.decisions.filter((one) => one.decided > 0)
  const counted = { counted: number(every?.counted ?? 0), decided: number(every?.decided ?? 0) }
  return figure({
    title: say('statistics.decisions.title'),
    lead: say(`statistics.decisions.lead_${unit}`, counted),
    drawn: {
      title: say('statistics.decisions.title'),
      bars: months.flatMap((one) => {
        const of = spread(one)
        if (of === null) return []
        const said = say('statistics.decisions.hours', { hours: number(of.median, 1) })
        return [{ name: monthName(one.month ?? ''), parts: [of.median], said, mark: of.ninety }]
      }),
      legend: [say('statistics.decisions.median')],
      mark: say('statistics.decisions.ninety'),
    },
    heads: [
      say('statistics.month'),
      say('statistics.decisions.decided'),
      `${say('statistics.decisions.median')} (${say(`statistics.decisions.${unit}`)})`,
      `${say('statistics.decisions.ninety')} (${say(`statistics.decisions.${unit}`)})`,
    ],
    rows: lines.map((one) => [
      one.month === null ? say('statistics.all') : monthName(one.month),
      number(one.decided),
      hours(spread(one)?.median),
      hours(spread(one)?.ninety),
    ]),
    files: tableFiles('decisions', figures),
  })
}

export function confirmedFigure(figures: Figures): HTMLElement {
  const { all, classes } = figures.confirmed
  return judged(figures, {
    about: 'classes',
    lines: classes.length > 1 ? [all, ...classes] : classes,
    name: (one) => (one.name === null ? say('statistics.all') : word('ground', one.name)),
  })
}

export function doubtsFigure(figures: Figures): HTMLElement {
  return judged(figures, {
    about: 'doubts',
    lines: figures.confirmed.doubts,
    name: (one) => word('statistics.doubts.names', one.name ?? 'none'),
  })
}

interface Judging {
  about: 'classes' | 'doubts'
  lines: Judged[]
  name: (one: Judged) => string
}

function judged(figures: Figures, { about, lines, name }: Judging): HTMLElement {
  const share = (one: Judged) => (one.share === null ? '–' : percent(one.share))
  return figure({
    title: say(`statistics.${about}.title`),
    lead: say(`statistics.${about}.lead`),
    drawn: {
      title: say(`statistics.${about}.title`),
      bars: lines.map((one) => ({
        name: name(one),
        parts: [one.share ?? 0, 1 - (one.share ?? 0)],
        said: share(one),
      })),
      legend: [say('statistics.confirmed'), say('statistics.rejected')],
    },
    heads: [
      say(`statistics.${about}.name`),
      say('statistics.findings'),
      say('statistics.confirmed'),
      say('statistics.rejected'),
      say('statistics.share'),
    ],
    rows: lines.map((one) => [
      name(one),
      number(one.findings),
      number(one.accepted + one.edited),
      number(one.rejected),
      share(one),
    ]),
    files: tableFiles(about, figures),
  })
}

export function causesFigure(figures: Figures, reasons: Reason[]): HTMLElement {
  const words = new Map(reasons.map((one) => [one.code, one.sentence]))
  const causes = figures.confirmed.causes.filter((one) => one.rejected > 0)
  causes.sort((one, other) => other.rejected - one.rejected)
  const name = (code: string) => words.get(code) ?? code
  return figure({
    title: say('statistics.causes.title'),
    lead: say('statistics.causes.lead'),
    drawn: {
      title: say('statistics.causes.title'),
      bars: causes.map((one) => ({
        name: name(one.name),
        parts: [one.rejected],
        said: number(one.rejected),
      })),
      legend: [],
    },
    heads: [say('statistics.causes.name'), say('statistics.rejected'), say('statistics.share')],
    rows: causes.map((one) => [name(one.name), number(one.rejected), percent(one.share ?? 0)]),
    files: tableFiles('causes', figures),
  })
}

export function ageingFigure(figures: Figures): HTMLElement {
  const { ages, findings, inspections } = figures.open_findings
  const name = (at: number) => {
    const days = ages[at]?.up_to_days ?? null
    if (days !== null) return say('statistics.ageing.up_to', { days })
    return say('statistics.ageing.older', { days: ages[at - 1]?.up_to_days ?? 0 })
  }
  return figure({
    title: say('statistics.ageing.title'),
    lead: say('statistics.ageing.lead', {
      findings: number(findings),
      inspections: number(inspections),
    }),
    drawn: {
      title: say('statistics.ageing.title'),
      bars: ages.map((one, at) => ({
        name: name(at),
        parts: [one.findings],
        said: number(one.findings),
      })),
      legend: [],
    },
    heads: [
      say('statistics.ageing.age'),
      say('statistics.findings'),
      say('statistics.ageing.inspections'),
    ],
    rows:
      findings === 0
        ? []
        : ages.map((one, at) => [name(at), number(one.findings), number(one.inspections)]),
    files: tableFiles('open_findings', figures),
  })
}

/** What the service calls something, in words; its own name where we have none. */
function word(part: string, name: string): string {
  const key = `${part}.${name}`
  return has(key) ? say(key) : name
}
