/** How files of other systems are read: what comes along, and what the office has of its own. */

import { el, fill } from '../dom'
import { moment } from '../format'
import { asked, textOf } from '../office/asking'
import { type Do, deed, doing } from '../office/doing'
import type { Page, Visit } from '../pages'
import { ask } from '../service/api'
import { type Mapping, type MappingWhole, mappings } from '../service/imports'
import { end } from '../service/office'
import { say } from '../wording'

export async function show({ left }: Visit): Promise<Page> {
  const title = say('mappings.title')
  const list = el('div', {})

  async function draw(): Promise<void> {
    const found = await mappings(left)
    fill(list, el('ul', { class: 'rows' }, ...found.map((one) => row(one, run))))
  }

  const { said, run } = doing(draw, left)
  await draw()
  const add = () => void run(stated(null))
  const body = [
    el(
      'div',
      { class: 'head' },
      el('h1', {}, title),
      el('button', { class: 'main', onclick: add }, say('mappings.add')),
    ),
    el('p', { class: 'lead' }, say('mappings.lead')),
    said,
    list,
  ]
  return { title, body }
}

function row(one: Mapping, run: Do): HTMLElement {
  const about = one.title || one.name
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('strong', {}, about),
      el('div', { class: 'aside' }, `${one.name} · ${one.system} · ${one.version}`),
    ),
    one.is_own && el('span', { class: 'tag' }, say('import.own')),
    el(
      'div',
      { class: 'deeds' },
      deed(say('mappings.show'), about, () => void run(shown(one))),
      one.is_own && deed(say('people.change'), about, () => void run(stated(one))),
      one.is_own && deed(say('mappings.end'), about, () => void run(ended(one))),
    ),
  )
}

async function shown(one: Mapping): Promise<null> {
  const whole = await ask<MappingWhole>(`/mappings/${one.name}`)
  const since =
    whole.stated_at === null
      ? say('mappings.along')
      : say('mappings.stated', { when: moment(whole.stated_at) })
  const close = el('button', { class: 'main' }, say('review.close'))
  const dialog = el(
    'dialog',
    { class: 'ask wide', 'aria-labelledby': 'mapping-title' },
    el('h2', { id: 'mapping-title' }, one.title || one.name),
    el('p', { class: 'aside' }, since),
    el('pre', { class: 'mono', tabindex: 0 }, whole.content),
    el('form', { method: 'dialog' }, close),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  return null
}

async function stated(one: Mapping | null): Promise<unknown> {
  const before = one === null ? null : await ask<MappingWhole>(`/mappings/${one.name}`)
  const content = el('textarea', { name: 'content', required: true, rows: 12, class: 'mono' })
  content.value = before?.content ?? ''
  const file = el('input', { type: 'file', accept: '.toml,text/plain' })
  file.addEventListener('change', () => {
    void file.files?.[0]?.text().then((text) => {
      content.value = text
    })
  })
  const name = el('input', {
    name: 'name',
    required: true,
    value: one?.name ?? '',
    readonly: one !== null,
    pattern: '[a-z0-9][a-z0-9\\-]{0,40}',
    autocomplete: 'off',
  })
  return asked({
    title: say(one === null ? 'mappings.add' : 'mappings.change'),
    fields: [
      el('p', {}, say('mappings.how')),
      el('label', {}, say('mappings.name'), name),
      el('label', {}, say('mappings.file'), file),
      el('label', {}, say('mappings.content'), content),
    ],
    button: say('people.save'),
    send: (form) =>
      ask(`/mappings/${textOf(form, 'name')}`, {
        method: 'PUT',
        text: String(form.get('content')),
      }),
  })
}

function ended(one: Mapping): Promise<unknown> {
  return asked({
    title: say('mappings.end_title', { name: one.name }),
    fields: [el('p', {}, say('mappings.end_hint'))],
    button: say('mappings.end'),
    send: async () => {
      await end(`/mappings/${one.name}`)
      return true
    },
  })
}
