/** What is about to be sent, kept on this device so that no reload and no lost battery costs it. */

export const ROLES = [
  'orthophoto',
  'dsm',
  'control_points',
  'flight_log',
  'baseline',
  'baseline_dsm',
  'baseline_flight_log',
] as const
export type FileRole = (typeof ROLES)[number]

export interface DraftFile {
  name: string
  size: number
  /** When it was last changed: with name and size it tells the same file again. */
  modified: number
  /** Null until somebody says what it is. */
  role: FileRole | null
  sha256: string | null
  /** With which it is announced: once, however often that is tried. */
  key: string
  /** Its address at the service, once it was announced. */
  url: string | null
  /** Bytes that the service has safe. */
  arrived: number
}

export interface Draft {
  permit: { id: string; reference: string } | null
  files: DraftFile[]
  /** What was last asked for, and the key with it. */
  asked: { key: string; body: string } | null
}

const KEPT = 'tinjau.draft.'

/** The draft of one person: several may share a laptop. */
export function draftOf(user: string): Draft {
  const kept = localStorage.getItem(KEPT + user)
  if (kept !== null) {
    try {
      const draft = JSON.parse(kept) as Draft
      if (Array.isArray(draft.files)) return draft
    } catch {
      // Written by another version: it is begun anew, and the service still has what arrived.
    }
  }
  return { permit: null, files: [], asked: null }
}

export function keep(user: string, draft: Draft): void {
  if (draft.files.length === 0 && draft.permit === null) localStorage.removeItem(KEPT + user)
  else localStorage.setItem(KEPT + user, JSON.stringify(draft))
}

export function isSame(kept: DraftFile, file: File): boolean {
  return kept.name === file.name && kept.size === file.size && kept.modified === file.lastModified
}

export function sizeOf(draft: Draft): number {
  return draft.files.reduce((sum, file) => sum + file.size, 0)
}

export function arrivedOf(draft: Draft): number {
  return draft.files.reduce((sum, file) => sum + file.arrived, 0)
}
