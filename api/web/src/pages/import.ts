/** Permits taken in from a file, without typing: shown what would change, then kept. */

import { el, fill } from '../dom'
import { dropZone } from '../drop_zone'
import { percent } from '../format'
import { changesPart } from '../importing/changes_part'
import { notice, told } from '../notice'
import type { Page, Visit } from '../pages'
import { type Given, type Imported, type Mapping, mappings, sendExport } from '../service/imports'
import { whoever } from '../service/session'
import { say } from '../wording'
import '../styles/office.css'
import '../styles/upload.css'

/** What was taken in last, or is just being: told to whoever comes back to this page. */
let last: { user: string | undefined; name: string; done: Promise<Imported> } | null = null

const STAGES = ['granted', 'applied', 'amended'] as const

export async function show({ left }: Visit): Promise<Page> {
  const title = say('import.title')
  const found = el('div', { 'aria-live': 'polite' })
  const form = givenForm(await mappings(left), (given) => void look(given))

  async function look(given: Given): Promise<void> {
    const imported = await sent(given, true)
    if (imported === null || left.aborted) return
    const take = el('button', { class: 'main', type: 'button' }, say('import.take'))
    take.addEventListener('click', () => {
      take.disabled = true
      void keep(given)
    })
    const brings = imported.new + imported.changed > 0
    fill(found, ...changesPart(imported, brings && !imported.was_taken ? take : null))
  }

  async function keep(given: Given): Promise<void> {
    const imported = await sent(given, false)
    if (imported !== null && !left.aborted) fill(found, ...changesPart(imported, null))
  }

  async function comeBack(): Promise<void> {
    if (last === null || last.user !== whoever()?.user_id) return
    const heading = el('h2', {}, say('import.last', { name: last.name }))
    fill(found, heading, el('p', { class: 'aside' }, say('import.reading')))
    const told = await last.done.then((imported) => changesPart(imported, null)).catch(failed)
    // Whoever asks for something else meanwhile is not interrupted.
    if (!left.aborted && heading.isConnected) fill(found, heading, ...told)
  }

  async function sent(given: Given, isDryRun: boolean): Promise<Imported | null> {
    const bar = el('progress', { max: 1, 'aria-label': say('import.sending') })
    const words = el('p', { class: 'aside' }, say('import.sending'))
    fill(found, el('div', { class: 'card' }, words, bar))
    form.inert = true
    try {
      const done = sendExport(given, isDryRun, (share) => {
        if (share < 1) bar.value = share
        else bar.removeAttribute('value')
        words.textContent =
          share < 1 ? say('import.sent', { share: percent(share) }) : say('import.reading')
      })
      if (!isDryRun) last = { user: whoever()?.user_id, name: given.file.name, done }
      return await done
    } catch (error) {
      if (!left.aborted) fill(found, notice(error))
      return null
    } finally {
      form.inert = false
    }
  }

  queueMicrotask(() => void comeBack())
  const lead = el('p', { class: 'lead' }, say('import.lead'))
  const more = el('a', { href: '#/mappings' }, say('import.mappings'))
  return { title, body: [el('h1', {}, title), lead, form, el('p', {}, more), found] }
}

function failed(error: unknown): HTMLElement[] {
  return [notice(error)]
}

function givenForm(known: Mapping[], onGiven: (given: Given) => void): HTMLFormElement {
  const input = el('input', { type: 'file', id: 'export', name: 'export' })
  const chosen = el('strong', {}, say('import.choose'))
  const said = el('div', {})
  let file: File | null = null
  const drop = dropZone(input, [chosen, el('span', { class: 'aside' }, say('import.which'))], take)
  function take(files: File[]): void {
    file = files[0] ?? file
    chosen.textContent = file?.name ?? say('import.choose')
    fill(said)
  }
  const mapping = el(
    'select',
    { name: 'mapping', required: true },
    el('option', { value: '' }, say('import.choose_mapping')),
  )
  for (const one of known) {
    const own = one.is_own ? ` (${say('import.own')})` : ''
    mapping.append(
      el('option', { value: one.name }, `${one.name}: ${one.title || one.system}${own}`),
    )
  }
  const stage = el('select', { name: 'stage' })
  for (const one of STAGES) stage.append(el('option', { value: one }, say(`import.stage.${one}`)))
  function submit(event: Event): void {
    event.preventDefault()
    if (file === null) {
      fill(said, told('bad', say('import.no_file')))
      input.focus()
      return
    }
    onGiven({ file, mapping: mapping.value, stage: stage.value })
  }
  return el(
    'form',
    { class: 'card', onsubmit: submit },
    input,
    drop,
    said,
    el(
      'div',
      { class: 'pair given' },
      el('label', {}, say('import.mapping'), mapping),
      el('label', {}, say('import.outlines'), stage),
    ),
    el('button', { class: 'main' }, say('import.look')),
  )
}
