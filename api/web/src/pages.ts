/** Which pages there are, for whom, and what their addresses are called. */

import type { Role } from './service/answers'
import { NEWEST } from './service/newest'
import { whoever } from './service/session'
import type { Key } from './wording'

/** One look at a page: what stands behind its name in the address, and until when it is shown. */
export interface Visit {
  rest: string[]
  left: AbortSignal
}

export interface Page {
  title: string
  body: Node[]
}

export type Show = (visit: Visit) => Page | Promise<Page>

export interface Entry {
  name: string
  label: Key
  /** Who may see it: people of these roles, of an office, whoever is signed in, or anybody. */
  for: Role[] | 'people' | 'signed' | 'anybody'
  isInMenu: boolean
  /** Whether it stands with others under one entry of the menu. */
  isOffice?: true
  /** Whether it is in the menu of whoever is not signed in. */
  isForCitizens?: true
  load: () => Promise<{ show: Show }>
  /** Which entry of the menu it belongs to, where it has none. */
  under?: (roles: Role[]) => string
  /** What it is sure to ask the service for. */
  ahead?: string
}

export const ENTRIES: Entry[] = [
  {
    name: 'offices',
    label: 'offices.menu',
    for: ['central_admin'],
    isInMenu: true,
    load: () => import('./pages/offices'),
  },
  {
    name: 'upload',
    label: 'upload.menu',
    for: ['inspector', 'gis'],
    isInMenu: true,
    load: () => import('./pages/upload'),
    ahead: NEWEST,
  },
  {
    name: 'flights',
    label: 'flights.menu',
    for: ['inspector', 'gis'],
    isInMenu: true,
    load: () => import('./pages/flights'),
  },
  {
    name: 'reviews',
    label: 'reviews.menu',
    for: ['reviewer'],
    isInMenu: true,
    load: () => import('./pages/reviews'),
  },
  {
    name: 'inspections',
    label: 'inspections.menu',
    for: 'people',
    isInMenu: true,
    load: () => import('./pages/inspections'),
  },
  {
    name: 'permits',
    label: 'permits.menu',
    for: 'people',
    isInMenu: true,
    load: () => import('./pages/permits'),
  },
  {
    name: 'permit',
    label: 'permits.menu',
    for: 'people',
    isInMenu: false,
    under: () => 'permits',
    load: () => import('./pages/permit'),
  },
  {
    name: 'compare',
    label: 'permits.menu',
    for: 'people',
    isInMenu: false,
    under: () => 'permits',
    load: () => import('./pages/compare'),
  },
  {
    name: 'inspection',
    label: 'inspection.menu',
    for: 'people',
    isInMenu: false,
    under: (roles) => (roles.includes('reviewer') ? 'reviews' : 'inspections'),
    load: () => import('./pages/inspection'),
  },
  {
    name: 'objections',
    label: 'objections.menu',
    for: 'people',
    isInMenu: true,
    load: () => import('./pages/objections'),
  },
  {
    name: 'status',
    label: 'status.menu',
    for: 'anybody',
    isInMenu: true,
    isForCitizens: true,
    load: () => import('./pages/status'),
  },
  {
    name: 'verify',
    label: 'verify.menu',
    for: 'anybody',
    isInMenu: true,
    isForCitizens: true,
    load: () => import('./pages/verify'),
  },
  {
    name: 'object',
    label: 'object.menu',
    for: 'anybody',
    isInMenu: false,
    isForCitizens: true,
    load: () => import('./pages/object'),
  },
  {
    name: 'objection',
    label: 'objection.menu',
    for: 'anybody',
    isInMenu: false,
    load: () => import('./pages/objection'),
  },
  {
    name: 'batches',
    label: 'batches.menu',
    for: ['inspector', 'gis'],
    isInMenu: true,
    isOffice: true,
    load: () => import('./pages/batches'),
  },
  {
    name: 'layers',
    label: 'layers.menu',
    for: 'people',
    isInMenu: true,
    isOffice: true,
    load: () => import('./pages/layers'),
  },
  {
    name: 'statistics',
    label: 'statistics.menu',
    for: 'people',
    isInMenu: true,
    isOffice: true,
    load: () => import('./pages/statistics'),
  },
  {
    name: 'people',
    label: 'people.menu',
    for: ['admin'],
    isInMenu: true,
    isOffice: true,
    load: () => import('./pages/people'),
  },
  {
    name: 'office',
    label: 'office.menu',
    for: ['admin'],
    isInMenu: true,
    isOffice: true,
    load: () => import('./pages/office'),
  },
  {
    name: 'import',
    label: 'import.menu',
    for: ['gis'],
    isInMenu: true,
    isOffice: true,
    load: () => import('./pages/import'),
  },
  {
    name: 'mappings',
    label: 'mappings.menu',
    for: ['gis', 'admin'],
    isInMenu: true,
    isOffice: true,
    load: () => import('./pages/mappings'),
  },
  {
    name: 'audit',
    label: 'audit.menu',
    for: ['auditor', 'central_admin'],
    isInMenu: true,
    isOffice: true,
    load: () => import('./pages/audit'),
  },
  {
    name: 'account',
    label: 'account.menu',
    for: 'signed',
    isInMenu: true,
    isOffice: true,
    load: () => import('./pages/account'),
  },
]

export function isFor(entry: Entry): boolean {
  if (entry.for === 'anybody') return true
  const me = whoever()
  if (me === null) return false
  if (entry.for === 'signed') return true
  // Who stands above the offices has nothing to do with their cases.
  if (entry.for === 'people') return !me.roles.includes('central_admin')
  return entry.for.some((role) => me.roles.includes(role))
}

/** Where a person begins, by what they are there for. */
export function home(roles: Role[]): string {
  if (roles.includes('central_admin')) return 'offices'
  if (roles.includes('inspector')) return 'flights'
  return roles.includes('reviewer') ? 'reviews' : 'inspections'
}

/** The parts of the address behind its #. */
export function address(): string[] {
  const parts = location.hash.replace(/^#\/?/, '').split('/')
  return parts.filter((part) => part !== '').map(readable)
}

function readable(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
