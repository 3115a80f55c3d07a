/** Tells what went wrong, or that something went well, where the reader looks. */

import { el } from './dom'
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
  console.error(error)
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
