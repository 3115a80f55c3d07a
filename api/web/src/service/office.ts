/** The office: its people, and what everybody has of their own. */

import type { Listed, Role } from './answers'
import { ask, newKey } from './api'

const MOST = 200

export interface Person {
  id: string
  login: string
  name: string
  roles: Role[]
  created_at: string
  closed_at: string | null
}

export interface Entry {
  user: Person
  password: string
}

export interface Token {
  id: string
  name: string
  scopes: string[]
  created_at: string
  expires_at: string
  ended_at: string | null
}

export interface Laptop {
  id: string
  name: string
  created_at: string
  ended_at: string | null
}

/** All of a list, page by page. */
export async function all<Item>(path: string, signal?: AbortSignal): Promise<Item[]> {
  const found: Item[] = []
  let after: string | null = null
  do {
    const query = new URLSearchParams({ size: String(MOST) })
    if (after !== null) query.set('after', after)
    const page: Listed<Item> = await ask(`${path}?${query}`, signal ? { signal } : {})
    found.push(...page.items)
    after = page.after
  } while (after !== null)
  return found
}

export async function people(signal?: AbortSignal): Promise<Person[]> {
  const found = await all<Person>('/users', signal)
  return found.sort((one, other) => one.name.localeCompare(other.name))
}

export function addPerson(login: string, name: string, roles: string[]): Promise<Entry> {
  return ask('/users', { method: 'POST', body: { login, name, roles }, once: newKey() })
}

export function changePerson(
  id: string,
  change: { name?: string; roles?: string[]; is_closed?: boolean },
): Promise<Person> {
  return ask(`/users/${id}`, { method: 'PATCH', body: change })
}

export function newPassword(id: string): Promise<Entry> {
  return ask(`/users/${id}/password`, { method: 'POST' })
}

export function choosePassword(old: string, chosen: string): Promise<void> {
  return ask('/session/password', { method: 'PUT', body: { old, new: chosen } })
}

export function makeToken(
  name: string,
  scopes: string[],
  days: number,
): Promise<{ secret: string }> {
  return ask('/tokens', { method: 'POST', body: { name, scopes, days }, once: newKey() })
}

export function addLaptop(name: string, key: string): Promise<Laptop> {
  return ask('/device-keys', { method: 'POST', body: { name, key } })
}

export function end(path: string): Promise<void> {
  return ask(path, { method: 'DELETE' })
}
