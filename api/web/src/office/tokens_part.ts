/** One's own keys for programs: made for some of what one may do, shown once, ended at once. */

import { el, fill } from '../dom'
import { day } from '../format'
import { all, end, makeToken, type Token } from '../service/office'
import { whoever } from '../service/session'
import { type Key, say } from '../wording'
import { asked, checks, showOnce, textOf } from './asking'
import { type Do, deed, doing, listed } from './doing'

const DAYS = ['7', '30', '90', '365']
/** A token makes neither another one, nor people. */
const IN_PERSON = ['user.change', 'token.change']

export async function tokensPart(left: AbortSignal): Promise<HTMLElement> {
  const list = el('div', {})

  async function draw(): Promise<void> {
    const tokens = await all<Token>('/tokens', left)
    const rows = tokens.map((one) => row(one, run))
    fill(list, listed(rows, say('account.tokens_none')))
  }

  const { said, run } = doing(draw, left)

  await draw()
  return el(
    'section',
    { class: 'card' },
    el('h2', {}, say('account.tokens')),
    el('p', {}, say('account.tokens_lead')),
    said,
    list,
    el('button', { type: 'button', onclick: () => void run(made()) }, say('account.token_make')),
  )
}

function row(one: Token, run: Do): HTMLElement {
  const isOver = one.ended_at !== null || new Date(one.expires_at) <= new Date()
  const until = say(isOver ? 'account.token_over' : 'account.token_until', {
    day: day(one.ended_at ?? one.expires_at),
  })
  return el(
    'li',
    { class: isOver && 'past' },
    el(
      'div',
      { class: 'what' },
      el('strong', {}, one.name),
      el('div', { class: 'aside' }, until),
      el('div', { class: 'aside' }, one.scopes.map(scope).join('; ')),
    ),
    !isOver && deed(say('account.end'), one.name, () => void run(ended(one))),
  )
}

function ended(one: Token): Promise<unknown> {
  return asked({
    title: say('account.token_end_title', { name: one.name }),
    fields: [el('p', {}, say('account.token_end_hint'))],
    button: say('account.end'),
    send: async () => {
      await end(`/tokens/${one.id}`)
      return true
    },
  })
}

async function made(): Promise<unknown> {
  const mine = (whoever()?.may ?? []).filter((one) => !IN_PERSON.includes(one))
  const options = mine.map((one) => ({ value: one, label: scope(one), aside: one }))
  const days = el('select', { name: 'days' })
  for (const one of DAYS)
    days.append(
      el('option', { value: one, selected: one === '90' }, say('account.days', { days: one })),
    )
  const issued = await asked({
    title: say('account.token_make'),
    fields: [
      el(
        'label',
        {},
        say('account.token_name'),
        el('input', { name: 'name', required: true, maxlength: 120, autocomplete: 'off' }),
      ),
      el('label', {}, say('account.token_days'), days),
      checks(say('account.token_scopes'), 'scopes', options),
    ],
    button: say('account.token_make'),
    send: (form) =>
      makeToken(
        textOf(form, 'name'),
        form.getAll('scopes').map(String),
        Number(textOf(form, 'days')),
      ),
  })
  if (issued !== null)
    await showOnce(say('account.token_secret'), issued.secret, say('account.token_once'))
  return issued
}

function scope(name: string): string {
  return say(`scope.${name}` as Key)
}
