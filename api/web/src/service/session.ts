/** Who is signed in. */

import { useZone } from '../format'
import type { Me, Role } from './answers'
import { ask, Problem, useForgeryToken } from './api'

let me: Me | null = null

export function whoever(): Me | null {
  return me
}

export function hasRole(...roles: Role[]): boolean {
  return me?.roles.some((role) => roles.includes(role)) ?? false
}

/** Asks whether the browser still holds a session. */
export async function restore(): Promise<void> {
  try {
    accept(await ask<Me>('/session'))
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error
    accept(null)
  }
}

export async function signIn(login: string, password: string): Promise<void> {
  accept(await ask<Me>('/session', { method: 'POST', body: { login, password } }))
}

export async function signOut(): Promise<void> {
  await ask('/session', { method: 'DELETE' })
  accept(null)
}

export function forget(): void {
  accept(null)
}

function accept(known: Me | null): void {
  me = known
  useZone(known?.time_zone ?? null)
  useForgeryToken(known?.csrf_token ?? null)
}
