/** How many working days a step of the office may take, for permits that come from now on. */

import { el, fill } from '../dom'
import { notice, told } from '../notice'
import { type Calendar, stateClock, usualClock } from '../service/calendars'
import { say } from '../wording'

export async function servicePart(known: Calendar[], left: AbortSignal): Promise<HTMLElement> {
  const { clock } = await usualClock(left)
  const step = el('input', {
    name: 'step',
    maxlength: 64,
    value: clock?.step ?? '',
    autocomplete: 'off',
  })
  const calendar = el(
    'select',
    { name: 'calendar' },
    el('option', { value: '' }, say('office.no_clock')),
  )
  for (const { name } of known)
    calendar.append(el('option', { value: name, selected: name === clock?.calendar }, name))
  const days = el('input', {
    name: 'days',
    type: 'number',
    min: 0.5,
    max: 3650,
    step: 0.5,
    value: clock?.days ?? '',
  })
  const said = el('div', {})
  function need(): void {
    for (const one of [step, days]) one.required = calendar.value !== ''
  }
  calendar.addEventListener('change', need)
  need()
  async function keep(event: Event): Promise<void> {
    event.preventDefault()
    const isNone = calendar.value === ''
    try {
      await stateClock(
        isNone
          ? null
          : { step: step.value.trim(), calendar: calendar.value, days: Number(days.value) },
      )
      fill(said, told('good', say('office.service_kept')))
    } catch (error) {
      if (!left.aborted) fill(said, notice(error))
    }
  }
  return el(
    'section',
    { class: 'card' },
    el('h2', {}, say('office.service')),
    el('p', {}, say('office.service_lead')),
    el(
      'form',
      { onsubmit: (event) => void keep(event) },
      el(
        'div',
        { class: 'filters' },
        el('label', {}, say('office.service_calendar'), calendar),
        el('label', {}, say('office.service_step'), step),
        el('label', {}, say('office.service_days'), days),
      ),
      el('p', {}),
      said,
      el('button', {}, say('people.save')),
    ),
  )
}
