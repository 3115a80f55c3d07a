/** Whether the chain of events holds: its newest part at once, all of it when asked; and a copy. */

import { el, fill } from '../dom'
import { day, number } from '../format'
import { notice, told } from '../notice'
import { type ChainState, type Flaw, keyOf, LOG, state } from '../service/audit'
import { say } from '../wording'
import '../styles/office.css'

export async function chainPart(left: AbortSignal): Promise<HTMLElement> {
  const newest = await state(left)
  const { first, last } = newest.examined
  const said = el('div', {}, verdict(newest.examined.flaws, first, last))
  const whole = el('button', { type: 'button', onclick: () => void examine() }, say('audit.whole'))

  async function examine(): Promise<void> {
    whole.disabled = true
    const flaws: Flaw[] = []
    let next: number | null = 1
    let end = newest.length
    try {
      while (next !== null) {
        const share = el('progress', {
          max: newest.length,
          value: next,
          'aria-label': say('audit.whole'),
        })
        fill(said, share)
        const part: ChainState = await state(left, next)
        flaws.push(...part.examined.flaws)
        end = part.examined.last
        next = part.examined.next
      }
      fill(said, verdict(flaws, 1, end))
    } catch (error) {
      if (!left.aborted) fill(said, notice(error))
    } finally {
      whole.disabled = false
    }
  }

  return el(
    'section',
    { class: 'card', 'aria-labelledby': 'chain-title' },
    el('h2', { id: 'chain-title' }, say('audit.chain')),
    said,
    el('p', {}, head(newest)),
    el(
      'div',
      { class: 'line' },
      first > 1 && whole,
      el('a', { class: 'button', href: LOG, download: '' }, say('audit.download')),
    ),
    offline(newest),
  )
}

function verdict(flaws: Flaw[], first: number, last: number): HTMLElement {
  const part = { first: number(first), last: number(last) }
  if (last < first) return told('plain', say('audit.nothing'))
  if (flaws.length === 0) return told('good', say('audit.holds', part), say('audit.holds_hint'))
  const rows = flaws.map((one) =>
    el('li', {}, el('strong', {}, `${place(one)}: `), `${one.message} ${one.hint}`),
  )
  const bad = told('bad', say('audit.broken', part))
  bad.append(el('ul', {}, ...rows))
  return bad
}

/** Which event it is, of the number behind the sign. */
function place(flaw: Flaw): string {
  const seq = Number(flaw.place.split('#')[1])
  return Number.isFinite(seq) ? say('audit.event', { seq: number(seq) }) : flaw.place
}

function head(chain: ChainState): string {
  if (chain.head === null) return say('audit.no_head')
  return say('audit.head', {
    day: day(chain.head.day),
    seq: number(chain.head.seq),
    key: keyOf(chain.head).slice(0, 16),
  })
}

function offline(chain: ChainState): HTMLElement {
  return el(
    'details',
    {},
    el('summary', {}, say('audit.offline')),
    el('p', {}, say('audit.offline_how')),
    el('pre', { class: 'mono' }, 'tinjau verify audit.jsonl --key key.pem'),
    el('p', {}, say('audit.keys')),
    ...chain.public_keys.map((one) => el('pre', { class: 'mono' }, one.trim())),
    el('p', {}, say('audit.last_hash')),
    el('pre', { class: 'mono' }, chain.last_hash),
  )
}
