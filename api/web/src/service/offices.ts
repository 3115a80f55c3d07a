/** All offices, as a central administrator has them: what each goes by, and how much it has. */

import type { Listed } from './answers'
import { ask, newKey } from './api'

export interface Office {
  id: string
  code: string
  name: string
  time_zone: string
  profile: string
  language: string
  suspended_at: string | null
  /** Of all that may change: to be named with a change, which is refused where it is no longer so. */
  office_sha256: string
  people: number
  permits: number
  bytes_kept: number
  bytes_today: number
  bytes_a_day: number
}

export interface Offices {
  items: Office[]
  profiles: string[]
}

export interface Made {
  office: Office
  login: string
  password: string
}

export interface Stated {
  name: string
  time_zone: string
  profile: string
  language: string
}

type Part = Listed<Office> & { profiles: string[] }

/** All of them by their names, and the rules that an office may go by. */
export async function offices(signal: AbortSignal): Promise<Offices> {
  const items: Office[] = []
  let profiles: string[] = []
  let after: string | null = null
  do {
    const query = new URLSearchParams({ size: '200' })
    if (after !== null) query.set('after', after)
    const part: Part = await ask(`/offices?${query}`, { signal })
    items.push(...part.items)
    profiles = part.profiles
    after = part.after
  } while (after !== null)
  return { items: items.sort((one, other) => one.name.localeCompare(other.name)), profiles }
}

export function makeOffice(
  stated: Stated & { code: string; admin_login: string; admin_name: string },
): Promise<Made> {
  return ask('/offices', { method: 'POST', body: stated, once: newKey() })
}

export function changeOffice(
  seen: Office,
  change: Partial<Stated> & { is_suspended?: boolean },
): Promise<Office> {
  const body = { ...change, office_sha256: seen.office_sha256 }
  return ask(`/offices/${seen.id}`, { method: 'PATCH', body })
}
