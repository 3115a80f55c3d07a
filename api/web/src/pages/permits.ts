/** The permits of the office: found by words, or around the place where one is. */

import { el, fill } from '../dom'
import { told } from '../notice'
import type { Page, Visit } from '../pages'
import { aboutPermit } from '../permit/about'
import { showFound } from '../permit/found_list'
import type { ListedPermit, NearPermit } from '../service/answers'
import { near, newest, type Parts, saying } from '../service/permits'
import { distanceOf, here } from '../upload/permit_part'
import { say } from '../wording'

export async function show({ rest, left }: Visit): Promise<Page> {
  const title = say('permits.title')
  const found = el('div', { 'aria-live': 'polite' })
  const field = el('input', {
    name: 'text',
    type: 'search',
    maxlength: 128,
    autocomplete: 'off',
    value: rest[0] ?? '',
  })

  function list(asked: Parts<ListedPermit | NearPermit>, none: string): Promise<void> {
    const rows = el('ul', { class: 'rows' })
    return showFound(
      found,
      asked,
      { rows, row, none: el('p', { class: 'card empty' }, none) },
      left,
    )
  }
  function said(): Promise<void> {
    const text = field.value.trim()
    const asked = text === '' ? newest(left) : saying(text, left)
    return list(asked, say(text === '' ? 'upload.permit.none' : 'upload.permit.unknown', { text }))
  }
  function look(event: Event): void {
    event.preventDefault()
    // The address keeps what was looked for: whoever comes back from a permit finds it again.
    const text = encodeURIComponent(field.value.trim())
    history.replaceState(null, '', text === '' ? '#/permits' : `#/permits/${text}`)
    void said()
  }
  async function around(): Promise<void> {
    fill(found, el('p', { class: 'aside' }, say('upload.permit.locating')))
    try {
      const { coords } = await here()
      await list(near(coords, left), say('upload.permit.none_near'))
    } catch {
      fill(found, told('doubt', say('upload.permit.nowhere'), say('upload.permit.nowhere_hint')))
    }
  }
  const search = el(
    'form',
    { class: 'line', role: 'search', onsubmit: look },
    el('label', {}, say('upload.permit.number'), field),
    el('button', {}, say('upload.permit.search')),
    // Browsers tell where they are only over a safe connection.
    'geolocation' in navigator &&
      isSecureContext &&
      el('button', { type: 'button', onclick: () => void around() }, say('upload.permit.near')),
  )
  await said()
  return { title, body: [el('h1', {}, title), search, found] }
}

function row(one: ListedPermit | NearPermit): HTMLElement {
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('a', { href: `#/permit/${one.id}` }, one.reference),
      ...aboutPermit(one),
    ),
    distanceOf(one),
  )
}
