/** What can be taken along of a report: each file with what it is for. */

import { el } from '../dom'
import { bytes, languageName } from '../format'
import type { Decided, Report } from '../service/reviews'
import { type Language, language, say } from '../wording'

const FILES = {
  'report.pdf': 'pdf',
  'report-light.pdf': 'light',
  'inspection.gpkg': 'gpkg',
  'current.tif': 'current',
  'baseline.tif': 'baseline',
  'change.tif': 'change',
} as const

/** Of one flight alone the change score is empty, and not offered. */
export function filesPart(
  found: Report,
  written: Language | null,
  title: string,
  isCompared: boolean,
): HTMLElement {
  const base = `/api/v1/reports/${found.id}`
  const items = Object.entries(FILES).flatMap(([name, about]) =>
    found.files
      .filter((one) => one.name === name && (isCompared || name !== 'change.tif'))
      .map((one) => item(`${base}/files/${name}`, say(`file.${about}`), name, one.size)),
  )
  items.push(item(`${base}/bundle`, say('file.bundle'), 'ZIP', null))
  const isOther = written !== null && written !== language()
  const other = isOther ? say('answers.report_language', { language: languageName(written) }) : null
  return el(
    'div',
    {},
    el('h3', {}, title),
    other === null ? null : el('p', { class: 'aside' }, other),
    el('ul', { class: 'downloads' }, ...items),
  )
}

/** What a sheet of paper must say of the report, to be held against the record. */
export function titleForPaper({ sequence, code }: Report, holder: unknown): string {
  const told = say('file.paper', { sequence, code })
  return typeof holder === 'string' ? `${holder} · ${told}` : told
}

/** Which report it is: the machine's, or the one that people decided on. */
export function titleOf({ decision }: Report, decided: Decided | null): string {
  if (decision !== null) return say('decision.files.decided')
  if (decided?.reissue === 'failed') return say('decision.files.failed')
  return say(decided?.reissue ? 'decision.files.under_way' : 'decision.files.machine')
}

function item(href: string, words: string, name: string, size: number | null): HTMLElement {
  const more = size === null ? name : `${name}, ${bytes(size)}`
  return el('li', {}, el('a', { href, download: '' }, words), el('span', { class: 'aside' }, more))
}
