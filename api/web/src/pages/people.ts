/** The people of the office, for its administrator: taken in, given roles, shut out. */

import { el, fill } from '../dom'
import { asked, checks, showOnce, textOf } from '../office/asking'
import { type Do, deed, doing } from '../office/doing'
import type { Page, Visit } from '../pages'
import type { OfficeRole, Role } from '../service/answers'
import { addPerson, changePerson, newPassword, type Person, people } from '../service/office'
import { whoever } from '../service/session'
import { say } from '../wording'

/** As the service holds logins against; it is told before it is asked. */
const LOGIN = /^[A-Za-z0-9][A-Za-z0-9._@+-]{1,119}$/
const ROLES: OfficeRole[] = ['inspector', 'reviewer', 'gis', 'admin', 'auditor']

export async function show({ left }: Visit): Promise<Page> {
  const title = say('people.title')
  const list = el('div', {})

  async function draw(): Promise<void> {
    const found = await people(left)
    const [here, gone] = [
      found.filter((one) => !one.closed_at),
      found.filter((one) => one.closed_at),
    ]
    fill(
      list,
      rows(here),
      gone.length > 0 && el('h2', {}, say('people.gone')),
      gone.length > 0 && rows(gone),
    )
  }

  const { said, run } = doing(draw, left)

  function rows(found: Person[]): HTMLElement {
    return el('ul', { class: 'rows' }, ...found.map((one) => row(one, run)))
  }

  const add = el('button', { class: 'main', onclick: () => void run(taken()) }, say('people.add'))
  await draw()
  const body = [
    el('div', { class: 'head' }, el('h1', {}, title), add),
    el('p', { class: 'lead' }, say('people.lead')),
    said,
    list,
  ]
  return { title, body }
}

function row(one: Person, run: Do): HTMLElement {
  const isMe = one.id === whoever()?.user_id
  const can = (label: string, what: () => Promise<unknown>) =>
    deed(label, one.name, () => void run(what()))
  const roles = one.roles.map((role) => say(`people.role.${role}`)).join(', ')
  const isGone = one.closed_at !== null
  return el(
    'li',
    { class: isGone && 'past' },
    el(
      'div',
      { class: 'what' },
      el('strong', {}, one.name),
      el('div', { class: 'aside' }, `${one.login} · ${roles || say('people.no_role')}`),
    ),
    isMe && el('span', { class: 'tag' }, say('people.me')),
    isGone && el('span', { class: 'tag doubt' }, say('people.closed')),
    el(
      'div',
      { class: 'deeds' },
      can(say('people.change'), () => changed(one)),
      !isGone && can(say('people.password'), () => passworded(one)),
      isGone
        ? can(say('people.open'), () => changePerson(one.id, { is_closed: false }))
        : !isMe && can(say('people.close'), () => closed(one)),
    ),
  )
}

/** With at least one ticked, where it must be: who has none signs in and may do nothing. */
function roleChecks(ticked: Role[], isNeeded: boolean): HTMLElement {
  const options = ROLES.map((role) => ({
    value: role,
    label: say(`people.role.${role}`),
    aside: say(`people.may.${role}`),
  }))
  const field = checks(say('people.roles'), 'roles', options, ticked)
  const boxes = [...field.querySelectorAll('input')]
  function need(): void {
    const isShort = isNeeded && !boxes.some((one) => one.checked)
    boxes[0]?.setCustomValidity(isShort ? say('people.role_needed') : '')
  }
  field.addEventListener('change', need)
  need()
  return field
}

function nameField(value = ''): HTMLElement {
  const field = el('input', {
    name: 'name',
    required: true,
    maxlength: 120,
    value,
    autocomplete: 'off',
  })
  return el('label', {}, say('people.name'), field)
}

async function taken(): Promise<unknown> {
  const login = el('input', {
    name: 'login',
    required: true,
    maxlength: 120,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-describedby': 'login-rule',
  })
  const rule = el('p', { class: 'aside', id: 'login-rule' }, say('misfit.of.login'))
  login.addEventListener('input', () => {
    login.setCustomValidity(LOGIN.test(login.value.trim()) ? '' : say('misfit.of.login'))
  })
  const entry = await asked({
    title: say('people.add'),
    fields: [nameField(), el('label', {}, say('session.login'), login), rule, roleChecks([], true)],
    button: say('people.add'),
    send: (form) => addPerson(textOf(form, 'login'), textOf(form, 'name'), rolesOf(form)),
  })
  if (entry !== null) await told(entry.user, entry.password)
  return entry
}

function changed(one: Person): Promise<unknown> {
  return asked({
    title: say('people.change_title', { name: one.name }),
    fields: [
      nameField(one.name),
      roleChecks(one.roles, one.roles.length > 0),
      el('p', { class: 'aside' }, say('people.rule')),
    ],
    button: say('people.save'),
    send: (form) => changePerson(one.id, { name: textOf(form, 'name'), roles: rolesOf(form) }),
  })
}

function closed(one: Person): Promise<unknown> {
  return asked({
    title: say('people.close_title', { name: one.name }),
    fields: [el('p', {}, say('people.close_hint'))],
    button: say('people.close'),
    send: () => changePerson(one.id, { is_closed: true }),
  })
}

async function passworded(one: Person): Promise<unknown> {
  const entry = await asked({
    title: say('people.password_title', { name: one.name }),
    fields: [el('p', {}, say('people.password_hint'))],
    button: say('people.password'),
    send: () => newPassword(one.id),
  })
  if (entry !== null) await told(entry.user, entry.password)
  return entry
}

function told(person: Person, password: string): Promise<void> {
  const title = say('people.password_of', { name: person.name })
  return showOnce(title, password, say('people.password_once', { login: person.login }))
}

function rolesOf(form: FormData): string[] {
  return form.getAll('roles').map(String)
}
