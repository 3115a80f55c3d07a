/** One's own laptops: the keys by which the office knows the parcels that they pack. */

import { el, fill } from '../dom'
import { day } from '../format'
import { addLaptop, all, end, type Laptop } from '../service/office'
import { say } from '../wording'
import { asked, textOf } from './asking'
import { type Do, deed, doing, listed } from './doing'

export async function laptopsPart(left: AbortSignal): Promise<HTMLElement> {
  const list = el('div', {})

  async function draw(): Promise<void> {
    const laptops = await all<Laptop>('/device-keys', left)
    const rows = laptops.map((one) => row(one, run))
    fill(list, listed(rows, say('account.laptops_none')))
  }

  const { said, run } = doing(draw, left)

  await draw()
  return el(
    'section',
    { class: 'card' },
    el('h2', {}, say('account.laptops')),
    el('p', {}, say('account.laptops_lead')),
    said,
    list,
    el('button', { type: 'button', onclick: () => void run(added()) }, say('account.laptop_add')),
  )
}

function row(one: Laptop, run: Do): HTMLElement {
  const since = say(one.ended_at === null ? 'account.laptop_since' : 'account.laptop_over', {
    day: day(one.ended_at ?? one.created_at),
  })
  return el(
    'li',
    { class: one.ended_at !== null && 'past' },
    el('div', { class: 'what' }, el('strong', {}, one.name), el('div', { class: 'aside' }, since)),
    one.ended_at === null && deed(say('account.end'), one.name, () => void run(ended(one))),
  )
}

function ended(one: Laptop): Promise<unknown> {
  return asked({
    title: say('account.laptop_end_title', { name: one.name }),
    fields: [el('p', {}, say('account.laptop_end_hint'))],
    button: say('account.end'),
    send: async () => {
      await end(`/device-keys/${one.id}`)
      return true
    },
  })
}

function added(): Promise<unknown> {
  return asked({
    title: say('account.laptop_add'),
    fields: [
      el('p', {}, say('account.laptop_how')),
      el('pre', { class: 'mono' }, 'tinjau pack --key'),
      el(
        'label',
        {},
        say('account.laptop_name'),
        el('input', { name: 'name', required: true, maxlength: 120, autocomplete: 'off' }),
      ),
      el(
        'label',
        {},
        say('account.laptop_key'),
        el('textarea', { name: 'key', required: true, rows: 3, maxlength: 200, class: 'mono' }),
      ),
    ],
    button: say('account.laptop_add'),
    send: (form) => addLaptop(textOf(form, 'name'), textOf(form, 'key')),
  })
}
