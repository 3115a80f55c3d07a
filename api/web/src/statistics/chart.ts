/**
 * Bars in a row below their names, drawn as wide as there is room.
 *
 * What is told by colour is told by filling too: whole, hatched, or empty within a line. The numbers
 * stand beside each bar, and in the table beside the chart; for who hears the page, that is enough.
 */

import { el } from '../dom'

const SVG = 'http://www.w3.org/2000/svg'
const ROW = 40
const TEXT_AT = 14
const BAR_AT = 20
const BAR_HIGH = 13
const WHOLE = 100
const NAME_SIGNS = 28

export interface Bar {
  name: string
  /** How long each part is, one after the other, by the measure of the chart. */
  parts: number[]
  /** The number in words, beside its name. */
  said: string
  /** A line across, so far from the beginning. */
  mark?: number
}

export interface Drawn {
  title: string
  bars: Bar[]
  /** What the parts are called, and what the mark is, where there are several or any. */
  legend: string[]
  mark?: string
}

let drawn = 0

/** The chart with what its fillings mean. */
export function chart({ title, bars, legend, mark }: Drawn): HTMLElement {
  const most = Math.max(...bars.flatMap((one) => [sum(one.parts), one.mark ?? 0]), 0)
  drawn += 1
  const hatch = `hatch-${drawn}`
  const svg = node('svg', {
    class: 'bars',
    role: 'img',
    'aria-label': title,
    width: '100%',
    height: bars.length * ROW,
  })
  svg.append(pattern(hatch))
  bars.forEach((bar, at) => {
    svg.append(...row(bar, at * ROW, most, hatch))
  })
  const said = legend.map((word, kind) => el('li', {}, sample(kind), word))
  if (mark !== undefined) said.push(el('li', {}, sample('mark'), mark))
  return el(
    'div',
    { class: 'drawn' },
    svg,
    said.length > 0 && el('ul', { class: 'legend', 'aria-hidden': 'true' }, ...said),
  )
}

function row({ name, parts, said, mark }: Bar, top: number, most: number, hatch: string): Node[] {
  const share = (value: number) => (most > 0 ? (value / most) * WHOLE : 0)
  const nodes: Node[] = [
    text(shortened(name), { x: 0, y: top + TEXT_AT }),
    text(said, { x: '100%', y: top + TEXT_AT, 'text-anchor': 'end' }),
    rect({ class: 'none', width: '100%' }, top),
  ]
  let at = 0
  parts.forEach((part, kind) => {
    if (part <= 0) return
    const place = { x: `${share(at)}%`, width: `${share(part)}%` }
    const fill: Attributes = kind === 1 ? { fill: `url(#${hatch})` } : {}
    nodes.push(rect({ ...place, ...fill, class: `part-${kind}` }, top))
    at += part
  })
  if (mark !== undefined) {
    const x = `${share(mark)}%`
    const y = { y1: top + BAR_AT - 3, y2: top + BAR_AT + BAR_HIGH + 3 }
    nodes.push(node('line', { class: 'mark', x1: x, x2: x, ...y }))
  }
  return nodes
}

function rect(given: Attributes, top: number): SVGElement {
  return node('rect', { y: top + BAR_AT, height: BAR_HIGH, ...given })
}

function text(words: string, given: Attributes): SVGElement {
  const made = node('text', given)
  made.textContent = words
  return made
}

/** Names come from files of others, and may be of any length; the table has them whole. */
function shortened(name: string): string {
  return name.length > NAME_SIGNS ? `${name.slice(0, NAME_SIGNS - 1)}…` : name
}

function sample(kind: number | 'mark'): HTMLElement {
  return el('i', { class: `filled ${kind === 'mark' ? 'mark' : `part-${kind}`}` })
}

function pattern(id: string): SVGElement {
  const size = { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse' }
  const made = node('pattern', { ...size, patternTransform: 'rotate(45)' })
  made.append(
    node('rect', { class: 'below', width: 6, height: 6 }),
    node('rect', { class: 'stripe', width: 2, height: 6 }),
  )
  const all = node('defs', {})
  all.append(made)
  return all
}

type Attributes = Record<string, string | number>

function node(tag: string, attributes: Attributes): SVGElement {
  const made = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value))
  return made
}

function sum(parts: number[]): number {
  return parts.reduce((one, other) => one + other, 0)
}
