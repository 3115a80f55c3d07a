/** What everybody has of their own: a password, keys for programs, keys of laptops. */

import { el, fill } from '../dom'
import { notice, told } from '../notice'
import { laptopsPart } from '../office/laptops_part'
import { tokensPart } from '../office/tokens_part'
import type { Page, Visit } from '../pages'
import { choosePassword } from '../service/office'
import { whoever } from '../service/session'
import { say } from '../wording'

const SHORTEST = 12

export async function show({ left }: Visit): Promise<Page> {
  const title = say('account.title')
  const me = whoever()
  const roles = me?.roles.map((role) => say(`people.role.${role}`)).join(', ')
  // Who stands above the offices has neither: what they do, they do in person.
  const hasOwn = me?.may.includes('token.read') ?? false
  const own = hasOwn ? await Promise.all([tokensPart(left), laptopsPart(left)]) : []
  const body = [
    el('h1', {}, title),
    el('p', { class: 'lead' }, `${me?.name} · ${me?.login} · ${roles || say('people.no_role')}`),
    passwordPart(),
    ...own,
  ]
  return { title, body }
}

function passwordPart(): HTMLElement {
  const old = field('old', 'current-password')
  const chosen = field('new', 'new-password')
  chosen.minLength = SHORTEST
  const again = field('again', 'new-password')
  const said = el('div', {})
  const send = el('button', {}, say('account.password_choose'))

  async function choose(event: Event): Promise<void> {
    event.preventDefault()
    if (chosen.value !== again.value) {
      fill(said, told('bad', say('account.password_differs')))
      again.focus()
      return
    }
    send.disabled = true
    try {
      await choosePassword(old.value, chosen.value)
      form.reset()
      fill(said, told('good', say('account.password_done')))
    } catch (error) {
      fill(said, notice(error))
    } finally {
      send.disabled = false
    }
  }

  const form = el(
    'form',
    { onsubmit: (event) => void choose(event) },
    el('label', {}, say('account.password_old'), old),
    el('label', {}, say('account.password_new', { least: SHORTEST }), chosen),
    el('label', {}, say('account.password_again'), again),
    said,
    send,
  )
  const fold = el('details', {}, el('summary', {}, say('account.password_change')), form)
  return el(
    'section',
    { class: 'card' },
    el('h2', {}, say('session.password')),
    el('p', {}, say('account.password_lead')),
    fold,
  )
}

function field(name: string, autocomplete: string): HTMLInputElement {
  return el('input', { name, type: 'password', autocomplete, required: true, maxlength: 256 })
}
