/** Files that other systems export: shown what they would change, then taken in. */

import { ask, problemOf, proofs, unreachable } from './api'

export interface Mapping {
  name: string
  title: string
  version: string
  system: string
  form: string
  sha256: string
  is_own: boolean
}

export interface MappingWhole extends Mapping {
  content: string
  stated_at: string | null
}

export interface Change {
  field: string
  source: string
  value: unknown
  where: string
  before: unknown[]
  differs_from: [string, unknown][]
}

export interface PermitChange {
  reference: string
  /** Kind and value of each of its names. */
  names: [string, string][]
  where: string | null
  permit_id: string | null
  is_unclear: boolean
  candidates: string[]
  changes: Change[]
  new_names: number
  new_boundary: number | null
}

export interface Imported {
  import_id: string | null
  was_taken: boolean
  mapping: string
  records: number
  refused: number
  dropped: Record<string, number>
  not_read: { name: string; count: number; likely: string | null }[]
  new: number
  changed: number
  unclear: number
  conflicting: number
  permits: PermitChange[]
  told: number
  problems: { code: string; where: string | null; message: string; hint: string }[]
}

export interface Given {
  file: File
  mapping: string
  stage: string
}

export function mappings(signal: AbortSignal): Promise<Mapping[]> {
  return ask('/mappings', { signal })
}

/** Sends the file; tells which share of it has left. It goes on until it is answered. */
export function sendExport(
  given: Given,
  isDryRun: boolean,
  onSent: (share: number) => void,
): Promise<Imported> {
  const query = new URLSearchParams({
    mapping: given.mapping,
    name: given.file.name.slice(-120),
    stage: given.stage,
    dry_run: String(isDryRun),
  })
  // Only this way of asking tells how much of a body is sent.
  const request = new XMLHttpRequest()
  request.open('POST', `/api/v1/permits/imports?${query}`)
  for (const [name, value] of Object.entries(proofs())) request.setRequestHeader(name, value)
  request.setRequestHeader('Content-Type', 'application/octet-stream')
  request.upload.addEventListener('progress', (event) => {
    if (event.lengthComputable) onSent(event.loaded / event.total)
  })
  return new Promise((resolve, reject) => {
    request.addEventListener('error', () => reject(unreachable()))
    request.addEventListener('load', () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText) as Imported)
      else reject(problemOf(request.status, request.responseText))
    })
    request.send(given.file)
  })
}
