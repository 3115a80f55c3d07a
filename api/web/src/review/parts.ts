/** How much of a finding lies outside, in doubt at the line, and inside. */

import { number } from '../format'
import type { Values } from '../service/reviews'
import { say } from '../wording'
import { PLACES } from './tally'

/** In square metres each, the gravest first; what is none of it is left out. */
export function parts(values: Values): string {
  return PLACES.filter((place) => values[`area_${place}_m2`] > 0)
    .map((place) => say(`part.${place}`, { size: size(values[`area_${place}_m2`]) }))
    .join(' · ')
}

/** Whether the boundary cuts it, or doubt does. */
export function isCut(values: Values): boolean {
  return PLACES.filter((place) => values[`area_${place}_m2`] > 0).length > 1
}

function size(squareMetres: number): string {
  return squareMetres < 1 ? `${number(squareMetres, 1)} m²` : `${number(squareMetres)} m²`
}
