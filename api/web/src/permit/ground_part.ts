/** The boundaries of a permit, the one in force first; one of them on a map. */

import { el, fill } from '../dom'
import { day, hectares } from '../format'
import { notice } from '../notice'
import { ask } from '../service/api'
import { type BoundaryVersion, boundaryAddress, type PermitRecord } from '../service/record'
import { say } from '../wording'

export function groundPart(permit: PermitRecord, left: AbortSignal): HTMLElement {
  const versions = [...permit.boundaries].sort((one, other) => other.sequence - one.sequence)
  const title = el('h2', { id: 'ground-title' }, say('permit.boundaries'))
  const first = versions[0]
  if (first === undefined) {
    const none = el('p', { class: 'aside' }, say('upload.permit.no_boundary'))
    return el('section', { class: 'card', 'aria-labelledby': 'ground-title' }, title, none)
  }
  const place = el('div', { class: 'map small' })
  const trouble = el('div')
  const buttons = new Map(
    versions.map((one) => [
      one.id,
      el(
        'button',
        { type: 'button', class: 'plain', onclick: () => void show(one) },
        say('permit.show'),
      ),
    ]),
  )

  async function show(one: BoundaryVersion): Promise<void> {
    for (const [id, button] of buttons) button.setAttribute('aria-pressed', String(id === one.id))
    try {
      const [outline, { drawOverview, endOverview }] = await Promise.all([
        ask<object>(boundaryAddress(permit.id, one.id), { signal: left }),
        import('../map/overview'),
      ])
      if (left.aborted) return
      fill(trouble)
      drawOverview(place, outline, [])
      place.setAttribute('aria-label', say('permit.map', { sequence: one.sequence }))
      place.dataset.shown = one.id
      left.addEventListener('abort', () => endOverview(place), { once: true })
    } catch (error) {
      if (!left.aborted) fill(trouble, notice(error))
    }
  }

  const list = versions.map((one) =>
    el(
      'li',
      {},
      el(
        'div',
        { class: 'what' },
        el(
          'strong',
          {},
          `${say('permit.version', { sequence: one.sequence })} · ${say(`permit.stage.${one.stage}`)} · ${hectares(one.area_m2)}`,
        ),
        one === first && el('span', { class: 'tag' }, say('permit.in_force')),
        el('div', { class: 'aside' }, `${one.source}, ${day(one.as_of ?? one.created_at)}`),
      ),
      versions.length > 1 && (buttons.get(one.id) ?? null),
      el(
        'a',
        {
          href: `/api/v1${boundaryAddress(permit.id, one.id)}`,
          download: `${permit.reference.replace(/[^\w-]+/g, '_')}-${one.sequence}.geojson`,
        },
        'GeoJSON',
      ),
    ),
  )
  void show(first)
  return el(
    'section',
    { class: 'card', 'aria-labelledby': 'ground-title' },
    title,
    el('ul', { class: 'versions' }, ...list),
    trouble,
    place,
  )
}
