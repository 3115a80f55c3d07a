/** Begins a service time of a permit: by which calendar, for how long, and from when. */

import { el } from '../dom'
import { atOffice, officeNow } from '../format'
import { notice, told } from '../notice'
import { asked, textOf } from '../office/asking'
import { STEPS } from '../office/service_part'
import { beginClock, type Calendar, calendars, usualClock } from '../service/calendars'
import type { Clock } from '../service/record'
import { hasRole } from '../service/session'
import { say } from '../wording'

/** Nothing for whom it is not given. */
export function beginButton(
  permit: string,
  left: AbortSignal,
  begun: (clock: Clock) => void,
): HTMLElement | null {
  if (!hasRole('reviewer', 'gis')) return null
  const said = el('div', {})
  const button = el('button', { type: 'button' }, say('clock.begin'))
  async function begin(): Promise<void> {
    button.disabled = true
    try {
      const [known, usual] = await Promise.all([calendars(left), usualClock(left)])
      if (known.length === 0) {
        said.replaceChildren(told('plain', say('clock.no_calendar')))
        return
      }
      const clock = await question(permit, known, usual.clock)
      if (clock !== null && !left.aborted) begun(clock)
    } catch (error) {
      if (!left.aborted) said.replaceChildren(notice(error))
    } finally {
      button.disabled = false
    }
  }
  button.addEventListener('click', () => void begin())
  return el('div', {}, said, button)
}

interface Usual {
  step: string
  calendar: string
  days: number
}

function question(permit: string, known: Calendar[], usual: Usual | null): Promise<Clock | null> {
  const choices = known.map(({ name }) =>
    el('option', { value: name, selected: name === usual?.calendar }, name),
  )
  const offered = STEPS.map((value) => el('option', { value }))
  const step = {
    name: 'step',
    list: 'clock-steps',
    maxlength: 64,
    required: true,
    value: usual?.step ?? '',
    autocomplete: 'off',
  }
  const days = { type: 'number', name: 'days', min: 0.5, max: 3650, step: 0.5, required: true }
  const since = { type: 'datetime-local', name: 'begins_at', required: true, value: officeNow() }
  return asked({
    title: say('clock.begin'),
    fields: [
      el('label', {}, say('office.service_step'), el('input', step)),
      el('datalist', { id: 'clock-steps' }, ...offered),
      el(
        'label',
        {},
        say('office.service_calendar'),
        el('select', { name: 'calendar' }, ...choices),
      ),
      el(
        'label',
        {},
        say('office.service_days'),
        el('input', { ...days, value: usual?.days ?? 1 }),
      ),
      el('label', {}, say('clock.begins_at'), el('input', since)),
      el('p', { class: 'aside' }, say('clock.begins_hint')),
    ],
    button: say('clock.begin'),
    send: (form) =>
      beginClock(permit, {
        step: textOf(form, 'step'),
        calendar: textOf(form, 'calendar'),
        days: Number(textOf(form, 'days')),
        unit: null,
        begins_at: atOffice(textOf(form, 'begins_at'))?.toISOString() ?? null,
      }),
  })
}
