/** What other rules would change: tried on the machine of the service, where nothing is published. */

import { copyable } from '../copyable'
import { el, fill } from '../dom'
import { ask } from '../service/api'
import { say } from '../wording'

interface Named {
  name: string
}

export async function whatIfPart(left: AbortSignal): Promise<HTMLElement> {
  const [profiles, office] = await Promise.all([
    ask<Named[]>('/profiles', { signal: left }),
    ask<{ code: string; profile: string }>('/office', { signal: left }),
  ])
  const choice = el(
    'select',
    { name: 'profile' },
    ...profiles.map((one) => el('option', { value: one.name }, one.name)),
  )
  const place = el('div', {})
  const draw = () => {
    const command = [
      "tinjau batch --permits '*'",
      `--office ${office.code}`,
      `--profile ${choice.value}`,
      `--dry-run --out what-if-${choice.value}`,
    ].join(' ')
    fill(place, copyable(say('batches.what_if.command'), command))
  }
  choice.addEventListener('change', draw)
  draw()
  return el(
    'section',
    { class: 'card' },
    el('h2', {}, say('batches.what_if.title')),
    el('p', {}, say('batches.what_if.lead', { profile: office.profile })),
    el('label', {}, say('batches.what_if.profile'), choice),
    place,
    el('p', { class: 'aside' }, say('batches.what_if.after')),
  )
}
