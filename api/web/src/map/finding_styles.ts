/** Findings: the line tells where they lie, the colour and the sign what they are. */

import { Fill, Stroke, Style, Text } from 'ol/style.js'
import type { Finding, Location } from '../service/reviews'
import { say } from '../wording'
import { COLOURS, EPOCHS, SIGNS } from './signs'

const DASHES: Record<Location, number[]> = {
  inside: [],
  uncertain: [2, 6],
  outside: [12, 8],
}
const PALE = '#b4bfbc'
const DARK = '#10201f'
const MARKS = { accepted: '✓ ', rejected: '✕ ', edited: '✎ ' }

export function findingStyle(finding: Finding, isChosen: boolean): Style[] {
  const isRejected = finding.review?.outcome === 'rejected'
  const width = isChosen ? 4 : isRejected ? 1 : 2.5
  const mark = finding.review === null ? '' : MARKS[finding.review.outcome]
  const kind = isChosen ? ` · ${say(`ground.${finding.ground_class}`)}` : ''
  // What a reviewer rejected counts no more: it is there, and in no colour.
  const colour = isRejected ? PALE : COLOURS[finding.ground_class]
  const lineDash = DASHES[finding.location]
  return [
    new Style({ stroke: new Stroke({ color: DARK, width: isRejected ? width + 1 : width + 3 }) }),
    new Style({
      stroke: new Stroke({ color: colour, width, lineDash, lineCap: 'butt' }),
      zIndex: isChosen ? 1 : 0,
      text: new Text({
        text: `${mark}${SIGNS[finding.ground_class]} ${finding.code} ${EPOCHS[finding.epoch]}${kind}`,
        font: `${isRejected ? 400 : 600} 14px system-ui, sans-serif`,
        overflow: true,
        fill: new Fill({ color: isRejected ? PALE : '#ffffff' }),
        stroke: new Stroke({ color: DARK, width: 4 }),
      }),
    }),
  ]
}
