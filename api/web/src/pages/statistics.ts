/** How the office does: its figures as charts and tables, of some months that the address names. */

import { el, fill } from '../dom'
import { notice } from '../notice'
import type { Page, Visit } from '../pages'
import { isAbsent } from '../service/api'
import { reasons } from '../service/reviews'
import { figures, mostDisturbed, type Span } from '../service/statistics'
import { districtsFigure, permitsFigure, SHOWN, yearsFigure } from '../statistics/open_ground'
import {
  ageingFigure,
  causesFigure,
  confirmedFigure,
  decisionsFigure,
  doubtsFigure,
  inspectionsFigure,
} from '../statistics/work'
import { say } from '../wording'
import '../styles/statistics.css'

const IS_MONTH = '(19|20)\\d\\d-(0[1-9]|1[0-2])'

export async function show({ rest, left }: Visit): Promise<Page> {
  const title = say('statistics.title')
  const [since, until] = rest
  const span: Span = { ...(since && { since }), ...(until && { until }) }
  const found = el('div', {})
  try {
    const [told, permits, causes] = await Promise.all([
      figures(span, left),
      mostDisturbed(SHOWN, left),
      reasons(left),
    ])
    span.since = told.since
    span.until = told.until
    fill(
      found,
      inspectionsFigure(told),
      decisionsFigure(told),
      confirmedFigure(told),
      causesFigure(told, causes),
      doubtsFigure(told),
      el('h2', { class: 'now' }, say('statistics.now')),
      ageingFigure(told),
      yearsFigure(told),
      districtsFigure(told),
      permitsFigure(told, permits),
    )
  } catch (error) {
    // Months that are none are told beside the question for them.
    if (left.aborted || !isAbsent(error)) throw error
    fill(found, notice(error))
  }
  const body = [
    el('h1', {}, title),
    el('p', { class: 'lead' }, say('statistics.lead')),
    monthsForm(span),
    found,
  ]
  return { title, body }
}

function monthsForm(span: Span): HTMLElement {
  const field = (name: 'since' | 'until') => {
    const input = el('input', { type: 'month', name, pattern: IS_MONTH, required: true })
    input.placeholder = '2026-01'
    input.value = span[name] ?? ''
    return input
  }
  const [since, until] = [field('since'), field('until')]
  return el(
    'form',
    {
      class: 'line months',
      onsubmit: (event) => {
        event.preventDefault()
        location.hash = `#/statistics/${since.value}/${until.value}`
      },
    },
    el('label', {}, say('statistics.since'), since),
    el('label', {}, say('statistics.until'), until),
    el('button', {}, say('statistics.show')),
  )
}
