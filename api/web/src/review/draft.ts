/** A drawing that is not saved, kept as long as the browser's tab: a page that is left loses nothing. */

import type { Drawn } from '../map/corners'
import type { Given } from './outline_form'

export interface Draft {
  /** The finding that is edited; null where one is added. */
  of: string | null
  drawn: Drawn
  given: Given
}

const KEPT = 'tinjau.drawing.'

export function keepDraft(inspection: string, draft: Draft): void {
  sessionStorage.setItem(KEPT + inspection, JSON.stringify(draft))
}

export function dropDraft(inspection: string): void {
  sessionStorage.removeItem(KEPT + inspection)
}

export function draftOf(inspection: string): Draft | null {
  const kept = sessionStorage.getItem(KEPT + inspection)
  return kept === null ? null : (JSON.parse(kept) as Draft)
}
