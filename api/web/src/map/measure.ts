/** Measuring on the map: places are set by pointer, or by key at the cross in the middle. */

import type { Coordinate } from 'ol/coordinate.js'
import type Feature from 'ol/Feature.js'
import type { LineString, Polygon } from 'ol/geom.js'
import Draw from 'ol/interaction/Draw.js'
import VectorLayer from 'ol/layer/Vector.js'
import { toLonLat } from 'ol/proj.js'
import VectorSource from 'ol/source/Vector.js'
import { Circle, Fill, Stroke, Style } from 'ol/style.js'
import { crossesItself, pathLength, ringSize } from './geodesy'
import type { TilesMap } from './tiles_map'
import type { Tool } from './tools'

export type MeasureKind = 'length' | 'area'

export interface Measured {
  kind: MeasureKind
  /** How many places are set; the one under the cursor is none of them. */
  places: number
  isDone: boolean
  metres: number
  /** Of a ring; null for a path, and for a ring that crosses itself. */
  squareMetres: number | null
}

const LEAST: Record<MeasureKind, number> = { length: 2, area: 3 }

export class Measure implements Tool {
  private readonly source = new VectorSource()
  private readonly layer = new VectorLayer({ source: this.source, style: lines() })
  private draw: Draw | null = null
  private sketch: Feature | null = null

  constructor(
    private readonly around: TilesMap,
    readonly name: MeasureKind,
    /** Told what is measured, while it is; null when the tool is put down. */
    private readonly tell: (measured: Measured | null) => void,
  ) {}

  begin(): void {
    const { map, place } = this.around
    const type = this.name === 'length' ? 'LineString' : 'Polygon'
    const draw = new Draw({ type, style: lines(), stopClick: true, minPoints: LEAST[this.name] })
    draw.on('drawstart', ({ feature }) => {
      this.source.clear()
      this.sketch = feature
      feature.getGeometry()?.on('change', () => this.tellSketch())
      this.tellSketch()
    })
    draw.on('drawend', ({ feature }) => {
      this.sketch = null
      this.source.addFeature(feature)
      this.tell(this.measured(verticesOf(feature), true))
    })
    draw.on('drawabort', () => {
      this.sketch = null
      this.tell(this.measured([], false))
    })
    this.draw = draw
    map.addLayer(this.layer)
    map.addInteraction(draw)
    place.classList.add('measuring')
    place.focus({ preventScroll: true })
    this.tell(this.measured([], false))
  }

  end(): void {
    const { map, place } = this.around
    if (this.draw !== null) map.removeInteraction(this.draw)
    this.draw = this.sketch = null
    this.source.clear()
    map.removeLayer(this.layer)
    place.classList.remove('measuring')
    this.tell(null)
  }

  key(key: string): boolean {
    if (key === ' ') this.draw?.appendCoordinates([[...this.middle]])
    else if (key === 'Backspace') this.draw?.removeLastPoint()
    else if (key === 'Enter') this.finish()
    else if (key === 'Escape' && this.sketch !== null) this.draw?.abortDrawing()
    else return false
    return true
  }

  private get middle(): Coordinate {
    return this.around.map.getView().getCenter() ?? [0, 0]
  }

  private finish(): void {
    if (this.sketch !== null && this.set >= LEAST[this.name]) this.draw?.finishDrawing()
  }

  /** How many places of the sketch are set. */
  private get set(): number {
    return this.sketch === null ? 0 : verticesOf(this.sketch).length - 1
  }

  private tellSketch(): void {
    if (this.sketch !== null) this.tell(this.measured(verticesOf(this.sketch), false))
  }

  private measured(vertices: Coordinate[], isDone: boolean): Measured {
    const path = vertices.map((one) => toLonLat(one))
    const places = isDone ? path.length : Math.max(0, path.length - 1)
    const kind = this.name
    if (kind === 'length')
      return { kind, places, isDone, metres: pathLength(path), squareMetres: null }
    const { perimeter, area } = ringSize(path)
    const squareMetres = crossesItself(vertices) ? null : area
    return { kind, places, isDone, metres: perimeter, squareMetres }
  }
}

/** Those of a path or of a ring, whose first is not repeated. */
function verticesOf(feature: Feature): Coordinate[] {
  const shape = feature.getGeometry() as LineString | Polygon
  if (shape.getType() === 'LineString') return (shape as LineString).getCoordinates()
  return (shape as Polygon).getCoordinates()[0]?.slice(0, -1) ?? []
}

function lines(): Style[] {
  const fill = new Fill({ color: 'rgb(255 255 255 / 20%)' })
  const image = new Circle({
    radius: 5,
    fill: new Fill({ color: '#ffffff' }),
    stroke: new Stroke({ color: '#10201f', width: 2 }),
  })
  return [
    new Style({ fill, image, stroke: new Stroke({ color: '#10201f', width: 5 }) }),
    new Style({ stroke: new Stroke({ color: '#7df0ff', width: 2.5 }) }),
  ]
}
