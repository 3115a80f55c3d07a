/** What other rules would change: tried by the service itself, where nothing of it is published. */

import { copyable } from '../copyable'
import { el, fill } from '../dom'
import { number } from '../format'
import { notice, told } from '../notice'
import { ask } from '../service/api'
import { hasRole } from '../service/session'
import { type Tried, trials, tryRules, type Wanted } from '../service/trials'
import { say } from '../wording'
import { triedName } from './trial'

interface Named {
  name: string
}

const OWN = ''

/** A form for rules to try on a batch, or on the permits that have some words. */
export async function whatIfForm(batch: string | null, left: AbortSignal): Promise<HTMLElement> {
  const [profiles, office] = await Promise.all([
    ask<Named[]>('/profiles', { signal: left }),
    ask<{ code: string; profile: string }>('/office', { signal: left }),
  ])
  const choice = el(
    'select',
    { name: 'profile' },
    ...profiles.map((one) => el('option', { value: one.name }, one.name)),
    el('option', { value: OWN }, say('batches.what_if.own')),
  )
  const file = el('input', { type: 'file', name: 'rules', accept: '.toml' })
  const own = el('label', { hidden: true }, say('batches.what_if.file'), file)
  const words = el('input', { type: 'text', name: 'words', maxlength: 200 })
  const command = el('div', {})
  const said = el('div', {})
  const draw = () => {
    own.hidden = choice.value !== OWN
    const rules = choice.value === OWN ? 'rules.toml' : choice.value
    const typed = `tinjau batch --permits '*' --office ${office.code} --profile ${rules}`
    fill(command, copyable(say('batches.what_if.command'), `${typed} --dry-run --out what-if`))
  }
  choice.addEventListener('change', draw)
  draw()

  async function start(): Promise<void> {
    const wanted: Wanted = {}
    if (choice.value !== OWN) wanted.profile = choice.value
    else {
      const chosen = file.files?.[0]
      if (chosen === undefined) {
        fill(said, told('bad', say('batches.what_if.no_file')))
        file.focus()
        return
      }
      wanted.rules = await chosen.text()
    }
    if (batch !== null) wanted.batch_id = batch
    else if (words.value.trim() !== '') wanted.words = words.value.trim()
    try {
      const made = await tryRules(wanted)
      location.hash = `#/batches/what-if/${made.id}`
    } catch (error) {
      if (!left.aborted) fill(said, notice(error))
    }
  }

  return el(
    'section',
    { class: 'card' },
    el('h2', {}, say('batches.what_if.title')),
    el('p', {}, say('batches.what_if.lead', { profile: office.profile })),
    el(
      'form',
      {
        onsubmit: (event) => {
          event.preventDefault()
          void start()
        },
      },
      el('label', {}, say('batches.what_if.profile'), choice),
      own,
      batch === null && el('label', {}, say('batches.what_if.words'), words),
      said,
      el('button', {}, say('batches.what_if.start')),
    ),
    batch === null &&
      el('details', {}, el('summary', {}, say('batches.what_if.by_command')), command),
  )
}

/** The form, and what was tried before. */
export async function whatIfPart(left: AbortSignal): Promise<HTMLElement[]> {
  const form = hasRole('inspector', 'gis') ? [await whatIfForm(null, left)] : []
  const rows = el('ul', { class: 'rows' })
  const more = el('button', { type: 'button', onclick: () => void add() }, say('list.more'))
  let after: string | null = null
  const add = async () => {
    const page = await trials(after, left)
    rows.append(...page.items.map(row))
    after = page.after
    more.hidden = after === null
  }
  await add()
  if (rows.childElementCount === 0) return form
  return [...form, el('h2', {}, say('batches.what_if.earlier')), rows, more]
}

function row(one: Tried): HTMLElement {
  const open = (one.states.waiting ?? 0) + (one.states.running ?? 0)
  const facts = { changed: number(one.changed), open: number(open) }
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'what' },
      el('a', { href: `#/batches/what-if/${one.id}` }, triedName(one)),
      el(
        'div',
        { class: 'aside' },
        say(open > 0 ? 'batches.what_if.row_open' : 'batches.what_if.row', facts),
      ),
    ),
  )
}
