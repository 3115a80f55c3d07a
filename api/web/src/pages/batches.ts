/** Many inspections by one table: each row judged before anything starts, then watched. */

import { judgedPart } from '../batch/judged'
import { called, counts, oneBatch } from '../batch/one'
import { oneTrial } from '../batch/trial'
import { whatIfPart } from '../batch/what_if'
import { el, fill } from '../dom'
import { dropZone } from '../drop_zone'
import { number } from '../format'
import { notice, told } from '../notice'
import type { Page, Visit } from '../pages'
import { batches, type Counted, sendTable } from '../service/batches'
import { say } from '../wording'
import '../styles/office.css'
import '../styles/upload.css'
import '../styles/batch.css'

export async function show({ rest, left }: Visit): Promise<Page> {
  const id = rest[0]
  if (id === 'what-if') return oneTrial(rest[1] ?? '', left)
  if (id !== undefined) return oneBatch(id, left)
  const title = say('batches.title')
  const found = el('div', { 'aria-live': 'polite' })
  const form = tableForm((file) => void judge(file))

  async function judge(file: File): Promise<void> {
    const judged = await sent(file, true)
    if (judged === null) return
    const start = el('button', { class: 'main', type: 'button' })
    start.textContent = say('batches.start', { ready: number(judged.ready) })
    start.addEventListener('click', () => {
      start.disabled = true
      void begin(file)
    })
    fill(found, ...judgedPart(judged, judged.ready > 0 ? start : null))
  }

  async function begin(file: File): Promise<void> {
    const judged = await sent(file, false)
    if (judged === null) return
    // What arrived or was decided meanwhile counts: where nothing is left to start, it says why.
    if (judged.batch_id === null) fill(found, ...judgedPart(judged, null))
    else location.hash = `#/batches/${judged.batch_id}`
  }

  async function sent(file: File, isDryRun: boolean) {
    fill(found, el('p', { class: 'card' }, say('batches.reading')))
    form.inert = true
    try {
      return await sendTable(file, isDryRun)
    } catch (error) {
      if (!left.aborted) fill(found, notice(error))
      return null
    } finally {
      form.inert = false
    }
  }

  return {
    title,
    body: [
      el('h1', {}, title),
      el('p', { class: 'lead' }, say('batches.lead')),
      columns(),
      form,
      found,
      el('h2', {}, say('batches.earlier')),
      await earlier(left),
      ...(await whatIfPart(left)),
    ],
  }
}

/** What the columns of a table are called, for who makes one. */
function columns(): HTMLElement {
  return el(
    'details',
    { class: 'card' },
    el('summary', {}, say('batches.columns')),
    el('p', {}, say('batches.columns_told')),
    el('pre', { tabindex: 0 }, say('batches.example')),
  )
}

function tableForm(onGiven: (file: File) => void): HTMLFormElement {
  const input = el('input', {
    type: 'file',
    id: 'table',
    name: 'table',
    accept: '.csv,.xlsx,.gpkg',
  })
  const chosen = el('strong', {}, say('batches.choose'))
  const said = el('div', {})
  let file: File | null = null
  const drop = dropZone(
    input,
    [chosen, el('span', { class: 'aside' }, say('batches.which'))],
    (all) => {
      file = all[0] ?? file
      chosen.textContent = file?.name ?? say('batches.choose')
      fill(said)
    },
  )
  return el(
    'form',
    {
      class: 'card',
      onsubmit: (event) => {
        event.preventDefault()
        if (file !== null) return onGiven(file)
        fill(said, told('bad', say('batches.no_file')))
        input.focus()
      },
    },
    input,
    drop,
    said,
    el('button', { class: 'main' }, say('batches.check')),
  )
}

async function earlier(left: AbortSignal): Promise<HTMLElement> {
  const rows = el('ul', { class: 'rows' })
  const more = el('button', { type: 'button', onclick: () => void add() }, say('list.more'))
  let after: string | null = null
  const add = async () => {
    const page = await batches(after, left)
    rows.append(...page.items.map(row))
    after = page.after
    more.hidden = after === null
  }
  await add()
  if (rows.childElementCount === 0) return el('p', { class: 'card empty' }, say('batches.none'))
  return el('div', {}, rows, more)
}

function row(one: Counted): HTMLElement {
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('a', { href: `#/batches/${one.id}` }, called(one)),
      el('div', { class: 'aside' }, counts(one)),
    ),
  )
}
