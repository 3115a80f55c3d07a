/** A figure: what it says in words, its chart, the same numbers as a table, and all of it as a file. */

import { el } from '../dom'
import { say } from '../wording'
import { chart, type Drawn } from './chart'

export interface Told {
  title: string
  lead: string
  drawn: Drawn
  heads: string[]
  rows: (string | Node)[][]
  /** Addresses of tables as CSV, each with its name. */
  files: [string, string][]
}

export function figure({ title, lead, drawn, heads, rows, files }: Told): HTMLElement {
  const isEmpty = rows.length === 0
  return el(
    'section',
    { class: 'card figure' },
    el('h2', {}, title),
    el('p', { class: 'aside' }, lead),
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
