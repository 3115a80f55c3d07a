/** For anybody: object to a report or to one of its findings; the office answers on the record. */

import '../styles/public.css'
import { el, fill } from '../dom'
import { dayThere, grouped } from '../format'
import { notice, told } from '../notice'
import type { Page, Visit } from '../pages'
import { drafted } from '../public/draft'
import { findingChoice } from '../public/finding_choice'
import { passingOn } from '../public/passing_on'
import { ask, isAbsent, Problem } from '../service/api'
import { LEAST_WORDS, MOST_WORDS, type Subject } from '../service/public'
import { type Language, language, say } from '../wording'

/** A report's code or hash has these digits alone; nearly no tracking code has. */
const DIGITS = /^[0-9a-f]{16}$|^[0-9a-f]{64}$/i

/** What was filed at this address: told again in another language, until the page is left. */
let justFiled: Told | null = null

export async function show({ rest, left }: Visit): Promise<Page> {
  const [kind, mark = '', finding] = rest
  const title = say('object.title')
  const body: Node[] = [el('h1', {}, title), el('p', { class: 'lead' }, say('object.lead'))]
  if (justFiled !== null) return { title, body: [...body, filed(justFiled)] }
  if (mark === '') return { title, body: [...body, whichForm()] }
  const way = kind === 'permit' ? 'status' : 'verifications'
  try {
    const path = `/${way}/${encodeURIComponent(mark)}/findings`
    const subject = await ask<Subject>(path, { signal: left })
    return { title, body: [...body, filing(subject, finding)] }
  } catch (error) {
    const unknown = told('bad', say('object.unknown'), say('object.unknown_hint'))
    return { title, body: [...body, isAbsent(error) ? unknown : notice(error), whichForm(mark)] }
  }
}

/** Asks which report is meant: by a permit's tracking code, or by the report's own. */
function whichForm(mark = ''): HTMLElement {
  const field = el('input', {
    name: 'mark',
    value: mark,
    required: true,
    maxlength: 100,
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
  })
  const look = (event: Event) => {
    event.preventDefault()
    const plain = field.value.replace(/[\s-]/g, '')
    location.hash = `#/object/${DIGITS.test(plain) ? 'report' : 'permit'}/${plain}`
  }
  return el(
    'section',
    { class: 'card' },
    el(
      'form',
      { class: 'line', onsubmit: look },
      el('label', {}, say('object.which'), field),
      el('button', { class: 'main' }, say('object.look')),
    ),
    el('p', { class: 'aside' }, say('object.which_hint')),
    el('a', { class: 'button', href: '#/verify' }, say('object.by_report')),
  )
}

function filing(subject: Subject, chosen: string | undefined): HTMLElement {
  const place = el('div', {})
  const said = el('div', {})
  const text = el('textarea', {
    name: 'text',
    rows: 6,
    required: true,
    minlength: LEAST_WORDS,
    maxlength: MOST_WORDS,
    'aria-describedby': 'text-hint',
  })
  const contact = el('input', {
    name: 'contact',
    maxlength: 200,
    autocomplete: 'off',
    'aria-describedby': 'contact-hint',
  })
  const send = el('button', { class: 'main' }, say('object.send'))

  async function file(event: Event): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.target as HTMLFormElement)
    const body = {
      report_sha256: subject.report_sha256,
      finding: String(form.get('finding') ?? '') || null,
      text: text.value,
      contact: contact.value.trim() || null,
    }
    send.disabled = true
    fill(said)
    try {
      const done = await ask<Filed>('/objections', { method: 'POST', body })
      forget()
      remember({ ...done, language: language() })
      fill(place, filed({ ...done, language: language() }))
      place.querySelector('h2')?.focus()
    } catch (error) {
      const isShort = error instanceof Problem && error.code === 'request_invalid'
      fill(said, isShort ? told('bad', say('object.too_short')) : notice(error))
    } finally {
      send.disabled = false
    }
  }

  const finding = findingChoice(subject, chosen)
  const about = say('object.about', {
    code: subject.code,
    day: dayThere(subject.created_at, subject.time_zone),
  })
  const form = el(
    'form',
    { class: 'card objecting', onsubmit: (event) => void file(event) },
    el('h2', {}, about),
    standing(subject),
    finding.body,
    el('label', {}, say('object.text'), text),
    el('p', { class: 'aside', id: 'text-hint' }, say('object.text_hint', limits())),
    el('label', {}, say('object.contact'), contact),
    el('p', { class: 'aside', id: 'contact-hint' }, say('object.contact_hint')),
    told('plain', say('object.personal'), say('object.personal_hint')),
    said,
    send,
  )
  // How to reach a person is not kept: others may use this device after them.
  const name = `objection.${subject.report_sha256}.${chosen ?? ''}`
  const forget = drafted(form, name, ['finding', 'text'])
  finding.draw()
  fill(place, form)
  return place
}

/** Whether the report still counts: a later one took its place, or nobody reviewed it yet. */
function standing({ superseded_by: later, decision, time_zone }: Subject): HTMLElement | null {
  if (later !== null) {
    const words = say('object.superseded', {
      code: later.code,
      day: dayThere(later.created_at, time_zone),
    })
    const link = el('a', { href: `#/object/report/${later.sha256}` }, say('object.to_later'))
    return el('div', {}, told('doubt', words), el('p', {}, link))
  }
  return decision === null
    ? told('doubt', say('object.undecided'), say('object.undecided_hint'))
    : null
}

function limits(): Record<string, number> {
  return { least: LEAST_WORDS, most: MOST_WORDS }
}

interface Filed {
  number: string
  created_at: string
  sentence: string
}

interface Told extends Filed {
  language: Language
}

function remember(one: Told): void {
  justFiled = one
  addEventListener(
    'hashchange',
    () => {
      justFiled = null
    },
    { once: true },
  )
}

function filed(one: Told): HTMLElement {
  const address = `${location.origin}/#/objection/${one.number}`
  return el(
    'section',
    { class: 'card' },
    el('h2', { tabindex: -1 }, say('object.filed')),
    el('p', { class: 'number' }, grouped(one.number)),
    el('p', { lang: one.language === language() ? null : one.language }, one.sentence),
    passingOn(say('object.keep'), say('object.note', { number: grouped(one.number), address })),
    el(
      'p',
      { class: 'after' },
      el('a', { class: 'button', href: `#/objection/${one.number}` }, say('object.follow')),
    ),
  )
}
