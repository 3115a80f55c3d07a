/** The place that is meant: under the cursor, at a mark that was set, or in the middle of the map. */

import Feature from 'ol/Feature.js'
import Point from 'ol/geom/Point.js'
import VectorLayer from 'ol/layer/Vector.js'
import { fromLonLat, toLonLat } from 'ol/proj.js'
import VectorSource from 'ol/source/Vector.js'
import { RegularShape, Stroke, Style } from 'ol/style.js'
import { el } from '../dom'
import type { TilesMap } from './tiles_map'
import type { Place } from './written_place'

export type Meant = 'cursor' | 'mark' | 'middle'

export class Whereabouts {
  private readonly source = new VectorSource()
  /** On the screen: what lies under it changes when the map moves. */
  private cursor: number[] | null = null
  private mark: number[] | null = null
  private readonly heard: (() => void)[] = []

  constructor(private readonly around: TilesMap) {
    const { map, place } = around
    const layer = new VectorLayer({ source: this.source, style: crosses() })
    map.addLayer(layer)
    place.append(el('div', { class: 'middle', 'aria-hidden': 'true' }))
    map.on('pointermove', ({ pixel, originalEvent, dragging }) => {
      // A finger covers what it points at, and is gone a moment later.
      const isTouch = originalEvent instanceof PointerEvent && originalEvent.pointerType === 'touch'
      if (dragging || isTouch) return
      this.cursor = pixel
      this.tell()
    })
    place.addEventListener('pointerleave', () => {
      this.cursor = null
      this.tell()
    })
    map.on('postrender', () => this.tell())
    around.onClick((coordinate) => this.set(coordinate))
    place.addEventListener('keydown', (event) => {
      if (event.target !== place || around.tools.inHand !== null) return
      if (event.key === 'Enter') this.set(this.middle)
      else if (event.key === 'Escape') this.set(null)
    })
  }

  get meant(): Meant {
    if (this.cursor !== null) return 'cursor'
    return this.mark === null ? 'middle' : 'mark'
  }

  /** Longitude and latitude of the place that is meant. */
  get place(): Place {
    return degrees(this.coordinate)
  }

  /** On the plane of web maps. */
  get coordinate(): number[] {
    const under = this.cursor && this.around.map.getCoordinateFromPixel(this.cursor)
    return under ?? this.mark ?? this.middle
  }

  get middle(): number[] {
    return this.around.map.getView().getCenter() ?? [0, 0]
  }

  /** Goes there, and leaves a mark. */
  goTo(place: Place): void {
    const there = fromLonLat([...place])
    this.around.map.getView().setCenter(there)
    this.set(there)
    this.around.redraw()
  }

  /** Sets the mark there, or takes it away. */
  set(coordinate: number[] | null): void {
    this.mark = coordinate
    this.source.clear()
    if (coordinate !== null) this.source.addFeature(new Feature(new Point(coordinate)))
    this.tell()
  }

  onChange(hear: () => void): void {
    this.heard.push(hear)
  }

  private tell(): void {
    this.around.place.dataset.meant = this.meant
    for (const hear of this.heard) hear()
  }
}

function degrees(coordinate: number[]): Place {
  const [longitude = 0, latitude = 0] = toLonLat(coordinate)
  return [longitude, latitude]
}

function crosses(): Style[] {
  return [
    { color: '#10201f', width: 5 },
    { color: '#ffffff', width: 2 },
  ].map(
    (line) =>
      new Style({
        image: new RegularShape({
          points: 4,
          radius: 11,
          radius2: 0,
          stroke: new Stroke(line),
        }),
      }),
  )
}
