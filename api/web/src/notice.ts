/** Tells what went wrong, or that something went well, where the reader looks. */

import { el, fill } from './dom'
import { misfits } from './misfit'
import { Problem } from './service/api'
import { say } from './wording'

type Kind = 'bad' | 'doubt' | 'good' | 'plain'

/** What an error means, and what to do about it. */
export function notice(error: unknown): HTMLElement {
  if (error instanceof Problem) {
    const wrong = misfits(error)
    if (wrong === null) return told('bad', error.message, error.hint)
    const said = told('bad', say('misfit.title'))
    said.append(wrong)
    return said
  }
  // What is cut off because its page was left is no fault, and nobody sees this notice.
  if (!(error instanceof DOMException && error.name === 'AbortError')) console.error(error)
  return told('bad', say('trouble.ours'), say('trouble.reload'))
}

export function told(kind: Kind, title: string, hint?: string): HTMLElement {
  const role = kind === 'bad' ? 'alert' : 'status'
  return el(
    'div',
    { class: `notice ${kind}`, role },
    el('strong', {}, title),
    hint !== undefined && el('p', {}, hint),
  )
}

/** That this device has no network, as long as it has none. */
export function lineNotice(left: AbortSignal): HTMLElement {
  const place = el('div', { 'aria-live': 'polite' })
  const draw = () =>
    fill(place, !navigator.onLine && told('doubt', say('app.offline'), say('app.offline_hint')))
  for (const change of ['online', 'offline']) addEventListener(change, draw, { signal: left })
  draw()
  return place
}
