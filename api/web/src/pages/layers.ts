/** Layers for a GIS: addresses to copy, of the office's ground as a whole and of each inspection. */

import { copyable } from '../copyable'
import { el } from '../dom'
import { moment } from '../format'
import { flightOf } from '../inspection_list'
import type { Page, Visit } from '../pages'
import type { Inspection, Listed } from '../service/answers'
import { ask } from '../service/api'
import { say } from '../wording'
import '../styles/batch.css'

const SHOWN = '20'

export async function show({ left }: Visit): Promise<Page> {
  const title = say('layers.title')
  return {
    title,
    body: [
      el('h1', {}, title),
      el('p', { class: 'lead' }, say('layers.lead')),
      el(
        'section',
        { class: 'card' },
        el('h2', {}, say('layers.token')),
        el('p', {}, say('layers.token_told')),
        el('p', {}, el('a', { href: '#/account' }, say('account.menu'))),
      ),
      el(
        'section',
        { class: 'card' },
        el('h2', {}, say('layers.features')),
        el('p', {}, say('layers.features_told')),
        copyable('OGC API - Features', `${location.origin}/ogc`),
      ),
      el('h2', {}, say('layers.pictures')),
      el('p', {}, say('layers.pictures_told')),
      await inspections(left),
    ],
  }
}

async function inspections(left: AbortSignal): Promise<HTMLElement> {
  const rows = el('ul', { class: 'rows' })
  const more = el('button', { type: 'button', onclick: () => void add() }, say('list.more'))
  let after: string | null = null
  const add = async () => {
    const query = new URLSearchParams({
      size: SHOWN,
      state: 'done',
      ...(after !== null && { after }),
    })
    const page = await ask<Listed<Inspection>>(`/inspections?${query}`, { signal: left })
    rows.append(...page.items.map(row))
    after = page.after
    more.hidden = after === null
  }
  await add()
  if (rows.childElementCount === 0) return el('p', { class: 'card empty' }, say('layers.none'))
  return el('div', {}, rows, more)
}

function row(one: Inspection): HTMLElement {
  const tiles = `${location.origin}/tiles/${one.id}`
  const names = ['current', ...(one.baseline_id === null ? [] : ['baseline'])] as const
  const drawn = [...names, ...(one.is_comparable && one.baseline_id !== null ? ['change'] : [])]
  return el(
    'li',
    {},
    el(
      'details',
      { class: 'what' },
      el(
        'summary',
        {},
        el('strong', {}, one.permit_reference),
        el('div', {}, flightOf(one)),
        el('div', { class: 'aside' }, say('inspection.asked', { when: moment(one.created_at) })),
      ),
      el(
        'p',
        {},
        el(
          'a',
          { href: `/api/v1/permits/${one.permit_id}/qgis`, download: '' },
          say('layers.project', { permit: one.permit_reference }),
        ),
      ),
      copyable('WMTS', `${tiles}/WMTSCapabilities.xml`),
      ...drawn.map((name) =>
        copyable(
          `XYZ: ${say(`layers.names.${name as 'current' | 'baseline' | 'change'}`)}`,
          `${tiles}/${name}/{z}/{x}/{y}.png`,
        ),
      ),
    ),
  )
}
