/** Findings: the line tells where they lie, the colour and the words what they are. */

import { Fill, Stroke, Style, Text } from 'ol/style.js'
import type { Finding, GroundClass, Location } from '../service/reviews'
import { say } from '../wording'

export const COLOURS: Record<GroundClass, string> = {
  vegetation_clearing: '#ffd400',
  bare_ground: '#ff9a2e',
  excavation: '#ff5ce1',
  stockpile: '#c3a2ff',
  water: '#4cc3ff',
  road: '#ffffff',
  built: '#ff6f61',
  other: '#c8d0cf',
}
const DASHES: Record<Location, number[]> = {
  inside: [],
  uncertain: [2, 6],
  outside: [12, 8],
}
const DARK = '#10201f'
const MARKS = { accepted: '✓ ', rejected: '✕ ', edited: '✎ ' }

export function findingStyle(finding: Finding, isChosen: boolean): Style[] {
  const width = isChosen ? 4 : finding.review?.outcome === 'rejected' ? 1.5 : 2.5
  const mark = finding.review === null ? '' : MARKS[finding.review.outcome]
  const kind = isChosen ? ` · ${say(`ground.${finding.ground_class}`)}` : ''
  const colour = COLOURS[finding.ground_class]
  const lineDash = DASHES[finding.location]
  return [
    new Style({ stroke: new Stroke({ color: DARK, width: width + 3 }) }),
    new Style({
      stroke: new Stroke({ color: colour, width, lineDash, lineCap: 'butt' }),
      zIndex: isChosen ? 1 : 0,
      text: new Text({
        text: mark + finding.code + kind,
        font: '600 14px system-ui, sans-serif',
        overflow: true,
        fill: new Fill({ color: '#ffffff' }),
        stroke: new Stroke({ color: DARK, width: 4 }),
      }),
    }),
  ]
}
