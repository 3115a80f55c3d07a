/** Small samples of what is drawn on the map, for lists and the legend. */

import { el } from '../dom'
import { COLOURS } from '../map/signs'
import type { GroundClass, Location } from '../service/reviews'
import '../styles/swatch.css'

/** As on the map: a line of the kind's colour, on dark, broken by where it lies. */
export function swatch(kind: GroundClass | null, location: Location): HTMLElement {
  const line = sample(location)
  if (kind !== null) line.style.setProperty('--colour', COLOURS[kind])
  return line
}

export function sample(name: string): HTMLElement {
  return el('span', { class: `swatch ${name}`, 'aria-hidden': 'true' }, el('i'))
}
