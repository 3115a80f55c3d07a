/** For anybody: how far a permit is, by its code, with a text to pass on. */

import '../styles/public.css'
import { el, fill } from '../dom'
import { dayThere } from '../format'
import { notice, told } from '../notice'
import type { Page, Visit } from '../pages'
import { numberForm } from '../public/number_form'
import { passingOn } from '../public/passing_on'
import type { PublicStatus } from '../service/answers'
import { ask, isAbsent } from '../service/api'
import { say } from '../wording'

const STEPS = ['recorded', 'inspecting', 'reviewing', 'decided', 'reported'] as const

export async function show({ rest, left }: Visit): Promise<Page> {
  const code = rest[0] ?? ''
  const found = el('div', {})
  if (code !== '') {
    try {
      const status = await ask<PublicStatus>(`/status/${encodeURIComponent(code)}`, {
        signal: left,
      })
      fill(found, card(status), objections(code, status))
    } catch (error) {
      fill(found, isAbsent(error) ? told('bad', say('status.unknown')) : notice(error))
    }
  }
  const body = [
    el('h1', {}, say('status.title')),
    el('p', { class: 'lead' }, say('status.lead')),
    codeForm(code),
    found,
  ]
  return { title: say('status.title'), body }
}

/** Asks for a code, and goes to its page. */
export function codeForm(code = ''): HTMLFormElement {
  const field = el('input', {
    name: 'code',
    value: code,
    required: true,
    maxlength: 32,
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
  })
  function look(event: Event): void {
    event.preventDefault()
    location.hash = `#/status/${encodeURIComponent(field.value.trim())}`
  }
  return el(
    'form',
    { class: 'line', onsubmit: look },
    el('label', {}, say('status.code'), field),
    el('button', {}, say('status.look')),
  )
}

function card(status: PublicStatus): HTMLElement {
  const now = status.step === 'returned' ? 'reviewing' : status.step
  const reached = STEPS.indexOf(now)
  const steps = STEPS.map((step, place) =>
    el(
      'li',
      {
        class: place < reached ? 'past' : place === reached ? 'now' : 'ahead',
        'aria-current': place === reached && 'step',
      },
      say(`status.steps.${step}`),
    ),
  )
  return el(
    'section',
    { class: 'card' },
    el('p', { class: 'answer' }, status.sentence),
    el(
      'p',
      { class: 'aside' },
      say('status.since', { day: dayThere(status.since, status.time_zone) }),
    ),
    el('ol', { class: 'steps' }, ...steps),
    newer(status),
    passingOn(say('status.text'), status.text),
  )
}

/** What is under way since the decision that is told: it takes nothing from it. */
function newer({ newer: one, time_zone }: PublicStatus): HTMLElement | null {
  if (one === null) return null
  return told('plain', one.sentence, say('status.since', { day: dayThere(one.since, time_zone) }))
}

/** What was objected to the permit's reports; each is read by its own number. */
function objections(code: string, status: PublicStatus): HTMLElement {
  const facts = { open: status.objections_open, answered: status.objections_answered }
  return el(
    'section',
    { class: 'card' },
    el('h2', {}, say('status.objections')),
    el('p', {}, say('status.objections_counted', facts)),
    numberForm(),
    // By this code one objects to what was decided, and to nothing before it is.
    (status.step === 'decided' || status.step === 'reported') &&
      el(
        'p',
        { class: 'after' },
        el(
          'a',
          { class: 'button', href: `#/object/permit/${encodeURIComponent(code)}` },
          say('object.title'),
        ),
      ),
  )
}
