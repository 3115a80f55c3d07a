/** The map with what it may show: this flight, the earlier one, both with a swipe, the change. */

import { el, fill } from '../dom'
import type { LayerName, TilesMap } from '../map/tiles_map'
import type { Inspection } from '../service/answers'
import { history, outline } from '../service/permits'
import { say } from '../wording'

type LookName = LayerName | 'swipe'

export interface Look {
  map: TilesMap
  /** The other flight in the place of the one that is shown. */
  blink: () => void
}

const LOOKS: Record<LookName, LayerName[]> = {
  current: ['current'],
  baseline: ['baseline'],
  swipe: ['current', 'baseline'],
  change: ['current', 'change'],
}

/** Null where the permit has no boundary to show. */
export async function mapPart(
  place: HTMLElement,
  done: Inspection,
  left: AbortSignal,
): Promise<Look | null> {
  const boundary = await outline(await history(done.permit_id, left), left)
  if (boundary === null) return null
  const { TilesMap } = await import('../map/tiles_map')
  if (left.aborted) return null
  const hasEarlier = done.baseline_id !== null
  const names: LayerName[] = hasEarlier ? ['current', 'baseline', 'change'] : ['current']
  const looks: LookName[] = hasEarlier ? ['current', 'baseline', 'swipe', 'change'] : ['current']
  const canvas = el('div', {
    class: 'map',
    role: 'application',
    tabindex: 0,
    'aria-label': say('map.label'),
  })
  const divider = el('div', { class: 'divider' })
  const slider = el('input', { type: 'range', min: 0, max: 100, value: 50, oninput: swipe })
  const swiped = el('label', { class: 'swipe' }, say('map.swipe'), slider)
  const choices = el('div', { class: 'layers', role: 'group', 'aria-label': say('map.layers') })
  fill(place, choices, swiped, canvas)
  const map = new TilesMap(canvas, done.id, names, boundary)
  canvas.append(divider)
  left.addEventListener('abort', () => map.end(), { once: true })
  let shown: LookName = 'current'

  function swipe(): void {
    const isSwipe = shown === 'swipe'
    swiped.hidden = divider.hidden = !isSwipe
    divider.style.left = `${slider.value}%`
    map.swipe(isSwipe ? Number(slider.value) / 100 : null)
  }
  function choose(name: LookName): void {
    shown = name
    for (const button of choices.children)
      button.setAttribute('aria-pressed', String((button as HTMLElement).dataset.look === name))
    swipe()
    map.show(LOOKS[name])
  }
  const buttons = looks.map((name) =>
    el(
      'button',
      { type: 'button', 'data-look': name, onclick: () => choose(name) },
      say(`map.layer.${name}`),
    ),
  )
  fill(choices, ...buttons)
  choices.hidden = looks.length === 1
  choose('current')
  const blink = () => {
    if (hasEarlier) choose(shown === 'baseline' ? 'current' : 'baseline')
  }
  return { map, blink }
}
