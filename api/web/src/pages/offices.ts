/** All offices, for a central administrator: made, stated anew, suspended; never what they hold. */

import { el, fill } from '../dom'
import { bytes, number } from '../format'
import { asked, showOnce, textOf } from '../office/asking'
import { type Do, deed, doing } from '../office/doing'
import { likely, newFields, statedFields, statedOf } from '../office/office_form'
import type { Page, Visit } from '../pages'
import { Problem } from '../service/api'
import { changeOffice, makeOffice, type Office, type Offices, offices } from '../service/offices'
import { LANGUAGES, type Language, say } from '../wording'

export async function show({ left }: Visit): Promise<Page> {
  const title = say('offices.title')
  const list = el('div', {})
  let known: Offices = { items: [], profiles: [] }

  async function draw(): Promise<void> {
    known = await offices(left)
    const rows = known.items.map((one) => row(one, known.profiles, run))
    fill(
      list,
      rows.length === 0
        ? el('p', { class: 'card empty' }, say('offices.none'))
        : el('ul', { class: 'rows' }, ...rows),
    )
  }

  const { said, run } = doing(draw, left)
  const add = () => void run(made(known))
  await draw()
  const body = [
    el(
      'div',
      { class: 'head' },
      el('h1', {}, title),
      el('button', { class: 'main', onclick: add }, say('offices.add')),
    ),
    el('p', { class: 'lead' }, say('offices.lead')),
    said,
    list,
  ]
  return { title, body }
}

function row(one: Office, profiles: string[], run: Do): HTMLElement {
  const isSuspended = one.suspended_at !== null
  const language = LANGUAGES[one.language as Language] ?? one.language
  const figures = say('offices.figures', {
    people: number(one.people),
    permits: number(one.permits),
    kept: bytes(one.bytes_kept),
    today: bytes(one.bytes_today),
    most: bytes(one.bytes_a_day),
  })
  return el(
    'li',
    { class: isSuspended && 'past' },
    el(
      'div',
      { class: 'what' },
      el('strong', {}, one.name),
      el('div', { class: 'aside' }, [one.code, one.time_zone, one.profile, language].join(' · ')),
      el('div', { class: 'aside' }, figures),
    ),
    isSuspended && el('span', { class: 'tag doubt' }, say('offices.suspended')),
    el(
      'div',
      { class: 'deeds' },
      deed(say('people.change'), one.name, () => void run(changed(one, profiles))),
      isSuspended
        ? deed(say('offices.resume'), one.name, () => void run(suspended(one, false)))
        : deed(say('offices.suspend'), one.name, () => void run(suspended(one, true))),
    ),
  )
}

async function made({ items, profiles }: Offices): Promise<unknown> {
  let name = ''
  const { code, admin } = newFields()
  const entry = await asked({
    title: say('offices.add'),
    fields: [...code, ...statedFields(likely(items, profiles), profiles), ...admin],
    button: say('offices.add'),
    send: (form) => {
      name = textOf(form, 'admin_name')
      return makeOffice({
        ...statedOf(form),
        code: textOf(form, 'code'),
        admin_login: textOf(form, 'admin_login'),
        admin_name: name,
      })
    },
  })
  if (entry !== null) {
    const title = say('people.password_of', { name })
    await showOnce(title, entry.password, say('people.password_once', { login: entry.login }))
  }
  return entry
}

function changed(one: Office, profiles: string[]): Promise<unknown> {
  return stated(one, {
    title: say('offices.change_title', { name: one.name }),
    fields: [...statedFields(one, profiles), el('p', { class: 'aside' }, say('offices.later'))],
    button: say('people.save'),
    change: statedOf,
  })
}

function suspended(one: Office, isSuspended: boolean): Promise<unknown> {
  const about = isSuspended ? 'suspend' : 'resume'
  return stated(one, {
    title: say(`offices.${about}_title`, { name: one.name }),
    fields: [el('p', {}, say(`offices.${about}_hint`))],
    button: say(`offices.${about}`),
    change: () => ({ is_suspended: isSuspended }),
  })
}

interface Statement {
  title: string
  fields: HTMLElement[]
  button: string
  change: (form: FormData) => Parameters<typeof changeOffice>[1]
}

/** Where somebody else was first, nothing is overwritten, and the list is drawn as it is now. */
async function stated(one: Office, { change, ...question }: Statement): Promise<unknown> {
  let isOld = false
  const answer = await asked({
    ...question,
    send: async (form) => {
      try {
        return await changeOffice(one, change(form))
      } catch (error) {
        isOld ||= error instanceof Problem && error.code === 'office_changed'
        throw error
      }
    },
  })
  return answer ?? (isOld || null)
}
