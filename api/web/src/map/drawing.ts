/**
 * An outline that is drawn or changed on the map.
 *
 * By mouse or finger: a click puts a corner, a corner is dragged, dragging a side puts another
 * corner in it. By keys: the cross in the middle of the map is where a corner is put or moved to.
 * A stretch of it is drawn anew between two places on it, and what is drawn meanwhile is no change.
 */

import Collection from 'ol/Collection.js'
import type { Coordinate } from 'ol/coordinate.js'
import Feature from 'ol/Feature.js'
import { LineString, MultiPoint, type MultiPolygon, Point } from 'ol/geom.js'
import Modify from 'ol/interaction/Modify.js'
import VectorLayer from 'ol/layer/Vector.js'
import type MapBrowserEvent from 'ol/MapBrowserEvent.js'
import { fromLonLat } from 'ol/proj.js'
import VectorSource from 'ol/source/Vector.js'
import { el } from '../dom'
import type { Rings } from '../service/reviews'
import {
  type At,
  appended,
  begun,
  closed,
  cornerAt,
  type Drawn,
  geometryOf,
  inserted,
  moved,
  nearest,
  places,
  removed,
  ringsOf,
} from './corners'
import { drawnStyle } from './drawn_style'
import { Stretch } from './stretch'
import type { TilesMap } from './tiles_map'
import type { Tool } from './tools'

/** A finger's width, about: a click so near a corner means that corner. */
const NEAR_PX = 14

export class Drawing implements Tool {
  readonly name = 'outline'
  private drawn: Drawn
  private steps: Drawn[] = []
  /** The corner that is picked, by its place among all. */
  private picked: number | null = null
  private stretching: Stretch | null = null
  /** Whether the last click of a stretch was beside the outline, and meant no place on it. */
  hasMissed = false
  private readonly source = new VectorSource()
  private readonly layer = new VectorLayer({ source: this.source, style: drawnStyle, zIndex: 2 })
  private readonly shape = new Feature()
  private readonly modify = new Modify({ features: new Collection([this.shape]) })
  private readonly corners = new Feature({ role: 'corners' })
  private readonly pick = new Feature({ role: 'picked' })
  private readonly fresh = new Feature({ role: 'fresh' })
  private readonly gone = new Feature({ role: 'gone' })
  private readonly fault = new Feature({ role: 'fault' })
  private readonly cross = el('div', { class: 'cross', 'aria-hidden': 'true' })

  constructor(
    private readonly on: TilesMap,
    rings: Rings | null,
    private readonly heard: () => void,
  ) {
    this.drawn = begun(rings)
    on.map.addLayer(this.layer)
    this.modify.on('modifyend', (event) => this.dragged(event.mapBrowserEvent))
    this.draw()
  }

  get rings(): Rings | null {
    return ringsOf(this.drawn)
  }

  /** As it is, closed or not, to be kept. */
  get state(): Drawn {
    return this.drawn
  }

  get isClosed(): boolean {
    return this.drawn.open === null
  }

  get isChanged(): boolean {
    return this.steps.length > 0
  }

  get count(): number {
    return places(this.drawn).length
  }

  get isHeld(): boolean {
    return this.on.tools.inHand === this.name
  }

  get canClose(): boolean {
    return closed(this.drawn) !== null
  }

  get hasPicked(): boolean {
    return this.at !== undefined
  }

  /** The stretch that is drawn anew, while it is. */
  get stretch(): Stretch | null {
    return this.stretching
  }

  begin(): void {
    this.on.map.addInteraction(this.modify)
    this.on.map.on('click', this.clicked)
    this.on.map.on('dblclick', this.clickedTwice)
    this.on.place.append(this.cross)
  }

  end(): void {
    this.on.map.removeInteraction(this.modify)
    this.on.map.un('click', this.clicked)
    this.on.map.un('dblclick', this.clickedTwice)
    this.cross.remove()
  }

  /** Takes it off the map for good. */
  drop(): void {
    if (this.isHeld) this.on.tools.hold(null)
    this.on.map.removeLayer(this.layer)
  }

  key(key: string): boolean {
    const acts: Record<string, () => void> = {
      Enter: () => this.put(),
      '.': () => this.step(1),
      ',': () => this.step(-1),
      i: () => this.insert(),
      Delete: () => this.remove(),
      Backspace: () => this.remove(),
      z: () => this.undo(),
      c: () => this.close(),
      s: () => this.beginStretch(),
      o: () => this.turnStretch(),
    }
    acts[key]?.()
    // Whoever presses Escape by accident keeps what they drew: it ends by its own button.
    if (key === 'Escape') this.leaveStretch()
    return key in acts || key === 'Escape'
  }

  /** Draws a stretch anew: its start and its end on the outline, then the line between. */
  beginStretch(): void {
    if (!this.isClosed || this.stretching !== null) return
    this.stretching = new Stretch(this.drawn)
    this.picked = null
    this.draw()
  }

  leaveStretch(): void {
    this.stretching = null
    this.draw()
  }

  /** The other way around the outline is what is drawn anew. */
  turnStretch(): void {
    this.stretching?.turn()
    this.draw()
  }

  /** Takes what was made of the outline elsewhere as the next step. */
  change(next: Drawn): void {
    this.stretching = null
    this.set(next, null)
  }

  /** Puts the next corner where the cross is, or moves the one that is picked there. */
  put(): void {
    this.atRest((to) => this.putAt(to))
  }

  insert(): void {
    this.atRest((to) => {
      if (this.at !== undefined && this.picked !== null)
        this.set(inserted(this.drawn, this.at, to), this.picked + 1)
    })
  }

  private putAt(to: Coordinate): void {
    if (this.stretching !== null) {
      this.stretching.put(to)
      this.draw()
    } else if (!this.isClosed) this.set(appended(this.drawn, to), this.count)
    else if (this.at !== undefined) this.set(moved(this.drawn, this.at, to), this.picked)
  }

  remove(): void {
    if (this.at === undefined) return
    const without = removed(this.drawn, this.at)
    if (without !== null) this.set(without, this.isClosed ? null : this.count - 2)
  }

  close(): void {
    const whole = this.stretching === null ? closed(this.drawn) : this.stretching.whole
    if (whole !== null) this.change(whole)
  }

  undo(): void {
    if (this.stretching !== null) {
      if (!this.stretching.undo()) this.stretching = null
      this.draw()
      return
    }
    const before = this.steps.pop()
    if (before === undefined) return
    this.drawn = before
    this.picked = before.open !== null ? places(before).length - 1 : null
    this.draw()
  }

  /** Marks a place that is wrong, in degrees, until something is drawn. */
  mark(place: number[]): void {
    this.fault.setGeometry(new Point(fromLonLat(place)))
    this.source.addFeature(this.fault)
  }

  /** Takes an outline that was given in numbers, and shows all of it. */
  take(rings: Rings): void {
    this.change(begun(rings))
    const extent = this.shape.getGeometry()?.getExtent()
    if (extent?.every(Number.isFinite))
      this.on.map.getView().fit(extent, { padding: [60, 60, 60, 60], maxZoom: 21 })
  }

  /** Goes on with what was kept. */
  goOn(kept: Drawn): void {
    this.set(kept, null)
  }

  /** Picks the next corner, or the one before. */
  step(by: 1 | -1): void {
    const { count } = this
    if (count === 0 || this.stretching !== null) return
    this.picked =
      this.picked === null ? (by > 0 ? 0 : count - 1) : (this.picked + by + count) % count
    this.draw()
  }

  private get at(): At | undefined {
    return this.picked === null ? undefined : places(this.drawn)[this.picked]
  }

  /** Where the cross is; where the map still moves, where it comes to rest. */
  private atRest(act: (middle: Coordinate) => void): void {
    const { map } = this.on
    const middle = () => map.getView().getCenter() ?? [0, 0]
    if (map.getView().getAnimating()) map.once('moveend', () => act(middle()))
    else act(middle())
  }

  private readonly clicked = (event: MapBrowserEvent): void => {
    if (this.stretching !== null) {
      this.clickedStretch(this.stretching, event)
      return
    }
    const near = this.nearest(event)
    if (!this.isClosed && near === 0 && this.canClose) this.close()
    else if (!this.isClosed && near === null)
      this.set(appended(this.drawn, event.coordinate), this.count)
    else {
      this.picked = near
      this.draw()
    }
  }

  /** The two ends are on the outline: a click beside it means none; one on the end takes the line. */
  private clickedStretch(stretch: Stretch, { coordinate, pixel }: MapBrowserEvent): void {
    const isNear = (at: Coordinate | undefined) => {
      const [x = Infinity, y = Infinity] = at ? this.on.map.getPixelFromCoordinate(at) : []
      return Math.hypot(x - (pixel[0] ?? 0), y - (pixel[1] ?? 0)) < NEAR_PX
    }
    if (stretch.hasEnd && isNear(stretch.fresh.at(-1))) this.close()
    else if (stretch.hasEnd || isNear(stretch.nearest(coordinate)?.at)) this.putAt(coordinate)
    else {
      this.hasMissed = true
      this.heard()
    }
  }

  private readonly clickedTwice = (event: MapBrowserEvent): void => {
    event.stopPropagation()
    // Two quick clicks may be two places of a stretch.
    if (this.stretching === null) this.close()
  }

  private dragged(event: MapBrowserEvent | null): void {
    const now = (this.shape.getGeometry() as MultiPolygon).getCoordinates()
    this.set({ open: null, closed: now }, null)
    this.picked = event && this.nearest(event)
    this.draw()
  }

  private nearest({ pixel }: MapBrowserEvent): number | null {
    return nearest(this.drawn, pixel, NEAR_PX, (at) => this.on.map.getPixelFromCoordinate(at))
  }

  private set(next: Drawn, picked: number | null): void {
    this.steps.push(this.drawn)
    this.drawn = next
    this.picked = picked
    this.draw()
  }

  private draw(): void {
    this.hasMissed = false
    const { drawn, source, shape, corners, pick } = this
    const every = places(drawn).map((at) => cornerAt(drawn, at) ?? [0, 0])
    source.clear()
    const { stretching } = this
    this.modify.setActive(this.isClosed && stretching === null)
    shape.setGeometry(geometryOf(drawn))
    corners.setGeometry(new MultiPoint(every))
    const picked = this.at && cornerAt(drawn, this.at)
    if (picked) pick.setGeometry(new Point(picked))
    // Hundreds of handles would hide which stretch is replaced.
    if (every.length > 0) source.addFeatures(stretching === null ? [shape, corners] : [shape])
    if (picked) source.addFeature(pick)
    if (stretching !== null) {
      this.gone.setGeometry(new LineString(stretching.gone))
      this.fresh.setGeometry(new LineString(stretching.fresh))
      source.addFeatures([this.gone, this.fresh])
    }
    this.heard()
  }
}
