/** A small picture of where findings lie, seen from the middle of the permit; no map, for that is not public. */

import { el } from '../dom'
import { length } from '../format'
import type { PublicFinding } from '../service/public'
import { say } from '../wording'

const SVG = 'http://www.w3.org/2000/svg'
const SIZE = 160
const MIDDLE = SIZE / 2
const REACH = 58
const SIDES: PublicFinding['direction'][] = [
  'north',
  'northeast',
  'east',
  'southeast',
  'south',
  'southwest',
  'west',
  'northwest',
]
const FULL = 2 * Math.PI

/** All of them as dots, the one that is meant as a ring with its code. */
export function whereFrom(findings: PublicFinding[], meant: PublicFinding): HTMLElement {
  const farthest = Math.max(...findings.map((one) => one.from_middle_m))
  const drawn = shape('svg', { viewBox: `0 0 ${SIZE} ${SIZE}`, 'aria-hidden': 'true' })
  drawn.append(
    shape('circle', { cx: MIDDLE, cy: MIDDLE, r: REACH, class: 'rim' }),
    shape('path', {
      d: `M${MIDDLE - 5} ${MIDDLE} h10 M${MIDDLE} ${MIDDLE - 5} v10`,
      class: 'middle',
    }),
    words(say('object.north'), MIDDLE, 14),
  )
  const at = (one: PublicFinding): [number, number] => {
    const turn = (SIDES.indexOf(one.direction) / SIDES.length) * FULL
    const away = farthest === 0 ? 0 : (one.from_middle_m / farthest) * REACH
    return [MIDDLE + Math.sin(turn) * away, MIDDLE - Math.cos(turn) * away]
  }
  for (const one of findings) {
    const [cx, cy] = at(one)
    if (one !== meant) drawn.append(shape('circle', { cx, cy, r: 2.5, class: 'other' }))
  }
  const [cx, cy] = at(meant)
  // Its code stands on the side where there is room for it.
  const beside = words(meant.code, cx + (cx > MIDDLE ? -10 : 10), cy + 4)
  beside.setAttribute('text-anchor', cx > MIDDLE ? 'end' : 'start')
  drawn.append(shape('circle', { cx, cy, r: 6, class: 'meant' }), beside)
  return el(
    'figure',
    { class: 'where_from' },
    drawn,
    el(
      'figcaption',
      { class: 'aside' },
      farthest === 0
        ? say('object.picture_middle')
        : say('object.picture', { distance: length(farthest) }),
    ),
  )
}

function words(text: string, x: number, y: number): SVGElement {
  const drawn = shape('text', { x, y, 'text-anchor': 'middle' })
  drawn.textContent = text
  return drawn
}

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const drawn = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) drawn.setAttribute(key, String(value))
  return drawn
}
