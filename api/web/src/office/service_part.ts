/** How many working days the office may take: for a step of a permit, and to answer an objection. */

import { el, fill } from '../dom'
import { notice, told } from '../notice'
import {
  type Calendar,
  type Clock,
  stateClock,
  stateTerm,
  term,
  usualClock,
} from '../service/calendars'
import { say } from '../wording'

/** What offices and OSS call the steps of a permit; any other word may be written. */
export const STEPS = [
  'Verifikasi persyaratan',
  'Pemeriksaan lapangan',
  'Rekomendasi teknis',
  'Persetujuan',
  'Penerbitan izin',
]

interface Term {
  calendar: string
  days: number
}

interface Asked {
  title: string
  lead: string
  known: Calendar[]
  before: Term | null
  /** What is asked besides, where a term counts at all. */
  more: HTMLInputElement | null
  unit: HTMLSelectElement | null
  keep: (term: Term | null) => Promise<unknown>
  left: AbortSignal
}

export async function servicePart(known: Calendar[], left: AbortSignal): Promise<HTMLElement> {
  const [usual, objections] = await Promise.all([usualClock(left), term(left)])
  const offered = el('datalist', { id: 'steps' }, ...STEPS.map((value) => el('option', { value })))
  const step = el('input', {
    name: 'step',
    list: 'steps',
    maxlength: 64,
    value: usual.clock?.step ?? '',
    autocomplete: 'off',
  })
  const unit = el(
    'select',
    { name: 'unit' },
    ...(['', 'hours', 'days'] as const).map((value) =>
      el(
        'option',
        { value, selected: value === (usual.clock?.unit ?? '') },
        say(`office.unit.${value || 'rules'}`),
      ),
    ),
  )
  const shared = { known, left }
  const service = termForm({
    ...shared,
    title: say('office.service'),
    lead: say('office.service_lead'),
    before: usual.clock,
    more: step,
    unit,
    keep: (one) =>
      stateClock(
        one === null
          ? null
          : { ...one, step: step.value.trim(), unit: (unit.value || null) as Clock['unit'] },
      ),
  })
  const answers = termForm({
    ...shared,
    title: say('office.answers'),
    lead: say('office.answers_lead'),
    before: objections.term,
    more: null,
    unit: null,
    keep: stateTerm,
  })
  return el('div', {}, service, answers, offered)
}

function termForm({ title, lead, known, before, more, unit, keep, left }: Asked): HTMLElement {
  const calendar = el('select', { name: 'calendar' })
  calendar.append(el('option', { value: '' }, say('office.no_clock')))
  for (const { name } of known)
    calendar.append(el('option', { value: name, selected: name === before?.calendar }, name))
  const days = el('input', {
    name: 'days',
    type: 'number',
    min: 0.5,
    max: 3650,
    step: 0.5,
    value: before?.days ?? '',
  })
  const said = el('div', {})
  const steps = el('label', {}, say('office.service_step'), more)
  const term = el('label', {}, say('office.service_days'), days)
  const units = el('label', {}, say('office.service_unit'), unit)
  function need(): void {
    const counts = calendar.value !== ''
    steps.hidden = more === null || !counts
    term.hidden = !counts
    units.hidden = unit === null || !counts
    days.required = counts
    if (more !== null) more.required = counts
  }
  calendar.addEventListener('change', need)
  need()
  async function send(event: Event): Promise<void> {
    event.preventDefault()
    const isNone = calendar.value === ''
    try {
      await keep(isNone ? null : { calendar: calendar.value, days: Number(days.value) })
      fill(said, told('good', say(isNone ? 'office.service_off' : 'office.service_kept')))
    } catch (error) {
      if (!left.aborted) fill(said, notice(error))
    }
  }
  return el(
    'section',
    { class: 'card' },
    el('h2', {}, title),
    el('p', {}, lead),
    el(
      'form',
      { onsubmit: (event) => void send(event) },
      el(
        'div',
        { class: 'filters given' },
        el('label', {}, say('office.service_calendar'), calendar),
        steps,
        term,
        units,
      ),
      said,
      el('button', {}, say('people.save')),
    ),
  )
}
