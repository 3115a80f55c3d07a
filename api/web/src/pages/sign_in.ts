/** The first page of whoever is not signed in: for the office a form, for the public a code. */

import { el, fill } from '../dom'
import { notice, told } from '../notice'
import type { Page } from '../pages'
import { signIn } from '../service/session'
import { say } from '../wording'
import { codeForm } from './status'

interface Given {
  /** Whether a session has just come to its end. */
  ended: boolean
  onSigned: () => void
}

export function welcome({ ended, onSigned }: Given): Page {
  const body = [
    el('h1', {}, say('welcome.title')),
    el('p', { class: 'lead' }, say('welcome.lead')),
    el(
      'div',
      { class: 'pair' },
      el('section', { class: 'card' }, el('h2', {}, say('session.title')), form(ended, onSigned)),
      el(
        'section',
        { class: 'card' },
        el('h2', {}, say('status.title')),
        el('p', {}, say('status.lead')),
        codeForm(),
        el('p', { class: 'after' }, say('welcome.more')),
        el(
          'div',
          { class: 'line' },
          el('a', { class: 'button', href: '#/verify' }, say('verify.title')),
          el('a', { class: 'button', href: '#/object' }, say('object.title')),
        ),
      ),
    ),
  ]
  return { title: say('welcome.title'), body }
}

function form(ended: boolean, onSigned: () => void): HTMLFormElement {
  const login = field('login', 'text', 'username')
  const password = field('password', 'password', 'current-password')
  const said = el('div', {}, ended && told('plain', say('session.ended')))
  const send = el('button', { class: 'main' }, say('session.sign_in'))

  async function enter(event: Event): Promise<void> {
    event.preventDefault()
    send.disabled = true
    fill(said)
    try {
      await signIn(login.value.trim(), password.value)
      onSigned()
    } catch (error) {
      fill(said, notice(error))
      password.value = ''
      password.focus()
    } finally {
      send.disabled = false
    }
  }

  return el(
    'form',
    { onsubmit: (event) => void enter(event) },
    said,
    el('label', {}, say('session.login'), login),
    el('label', {}, say('session.password'), password),
    send,
  )
}

function field(name: string, type: string, autocomplete: string): HTMLInputElement {
  return el('input', {
    name,
    type,
    autocomplete,
    required: true,
    maxlength: 128,
    autocapitalize: 'none',
    spellcheck: 'false',
  })
}
