/** A figure: what it says in words, its chart, the same numbers as a table, and all of it as a file. */

import { el } from '../dom'
import { type Figures, type Table, tableAddress } from '../service/statistics'
import { say } from '../wording'
import { chart, type Drawn } from './chart'

export interface Told {
  title: string
  lead: string
  drawn: Drawn
  heads: string[]
  rows: (string | Node)[][]
  /** Addresses of tables, each with its name. */
  files: [string, string][]
}

export function figure({ title, lead, drawn, heads, rows, files }: Told): HTMLElement {
  const isEmpty = rows.length === 0
  return el(
    'section',
    { class: 'card figure' },
    el('h2', {}, title),
    lead !== '' && el('p', { class: 'aside' }, lead),
    isEmpty
      ? el('p', { class: 'empty' }, say('statistics.none'))
      : el('div', { class: 'beside' }, chart(drawn), table(title, heads, rows)),
    el(
      'p',
      { class: 'files' },
      ...files.map(([name, address]) => el('a', { href: address, download: true }, name)),
    ),
  )
}

/** A table as a workbook, whose numbers no settings of a machine change, and as CSV for programs. */
export function tableFiles(of: Table, figures: Figures, isMore = false): [string, string][] {
  return [
    [say(isMore ? 'statistics.xlsx_all' : 'statistics.xlsx'), tableAddress(of, figures, 'xlsx')],
    [say('statistics.csv'), tableAddress(of, figures, 'csv')],
  ]
}

/** It scrolls by itself where it is wider than the screen, by key too. */
function table(title: string, heads: string[], rows: (string | Node)[][]): HTMLElement {
  const row = ([name, ...values]: (string | Node)[]) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, name ?? ''),
      ...values.map((value) => el('td', {}, value)),
    )
  return el(
    'div',
    { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': title },
    el(
      'table',
      {},
      el('thead', {}, el('tr', {}, ...heads.map((one) => el('th', { scope: 'col' }, one)))),
      el('tbody', {}, ...rows.map(row)),
    ),
  )
}
