/** What is being measured, on the map; and how one goes on. */

import { el, fill } from '../dom'
import { area, distance } from '../format'
import { Measure, type Measured, type MeasureKind } from '../map/measure'
import type { TilesMap } from '../map/tiles_map'
import { say } from '../wording'

const FINGERS = '(hover: none)'

export class MapMeasure {
  readonly body = el('div', { class: 'panel above' })
  private readonly figures = el('p')
  /** Only what is done is read out: figures that grow with the cursor would never end. */
  private readonly done = el('p', { class: 'figures', role: 'status' })
  private readonly hint = el('p', { class: 'aside' })
  private readonly tools: Record<MeasureKind, Measure>

  constructor(private readonly map: TilesMap) {
    const tell = (measured: Measured | null) => this.draw(measured)
    this.tools = {
      length: new Measure(map, 'length', tell),
      area: new Measure(map, 'area', tell),
    }
    fill(this.body, this.figures, this.done, this.hint)
    this.body.hidden = true
  }

  toggle(kind: MeasureKind): void {
    this.map.tools.toggle(this.tools[kind])
  }

  private draw(measured: Measured | null): void {
    this.body.hidden = measured === null
    if (measured === null) return
    const isEmpty = measured.places === 0
    fill(this.figures, ...(measured.isDone || isEmpty ? [] : told(measured)))
    fill(this.done, ...(measured.isDone ? told(measured) : []))
    const hint = isEmpty || measured.isDone ? 'begin' : 'go_on'
    const by = matchMedia(FINGERS).matches ? 'finger' : 'key'
    fill(this.hint, say(`map.measure.${by}.${hint}`))
  }
}

function told({ kind, metres, squareMetres }: Measured): Node[] {
  const along = figure('metres', metres, distance(metres))
  if (kind === 'length') return [along]
  if (squareMetres === null) return [el('strong', {}, say('map.measure.crossing'))]
  return [
    figure('square-metres', squareMetres, area(squareMetres)),
    el('span', {}, ` · ${say('map.measure.around')} `, along),
  ]
}

/** For people as their language writes it; for programs as it was measured. */
function figure(unit: string, value: number, words: string): HTMLElement {
  return el('data', { class: unit, value }, words)
}
