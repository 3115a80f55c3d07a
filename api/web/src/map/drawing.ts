/**
 * An outline that is drawn or changed on the map.
 *
 * By mouse or finger: a click puts a corner, a corner is dragged, dragging a side puts another
 * corner in it. By keys: the cross in the middle of the map is where a corner is put or moved to.
 */

import Collection from 'ol/Collection.js'
import type { Coordinate } from 'ol/coordinate.js'
import Feature from 'ol/Feature.js'
import { MultiPoint, type MultiPolygon, Point } from 'ol/geom.js'
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
  private readonly source = new VectorSource()
  private readonly layer = new VectorLayer({ source: this.source, style: drawnStyle, zIndex: 2 })
  private readonly shape = new Feature()
  private readonly modify = new Modify({ features: new Collection([this.shape]) })
  private readonly corners = new Feature({ role: 'corners' })
  private readonly pick = new Feature({ role: 'picked' })
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
    }
    acts[key]?.()
    // Whoever presses Escape by accident keeps what they drew: it ends by its own button.
    return key in acts || key === 'Escape'
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
    if (!this.isClosed) this.set(appended(this.drawn, to), this.count)
    else if (this.at !== undefined) this.set(moved(this.drawn, this.at, to), this.picked)
  }

  remove(): void {
    if (this.at === undefined) return
    const without = removed(this.drawn, this.at)
    if (without !== null) this.set(without, this.isClosed ? null : this.count - 2)
  }

  close(): void {
    const whole = closed(this.drawn)
    if (whole !== null) this.set(whole, null)
  }

  undo(): void {
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
    this.set(begun(rings), null)
    const extent = this.shape.getGeometry()?.getExtent()
    if (extent) this.on.map.getView().fit(extent, { padding: [60, 60, 60, 60], maxZoom: 21 })
  }

  /** Goes on with what was kept. */
  goOn(kept: Drawn): void {
    this.set(kept, null)
  }

  /** Picks the next corner, or the one before. */
  step(by: 1 | -1): void {
    const { count } = this
    if (count === 0) return
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
    const near = this.nearest(event)
    if (!this.isClosed && near === 0 && this.canClose) this.close()
    else if (!this.isClosed && near === null)
      this.set(appended(this.drawn, event.coordinate), this.count)
    else {
      this.picked = near
      this.draw()
    }
  }

  private readonly clickedTwice = (event: MapBrowserEvent): void => {
    event.stopPropagation()
    this.close()
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
    const { drawn, source, shape, corners, pick } = this
    const every = places(drawn).map((at) => cornerAt(drawn, at) ?? [0, 0])
    source.clear()
    this.modify.setActive(this.isClosed)
    shape.setGeometry(geometryOf(drawn))
    corners.setGeometry(new MultiPoint(every))
    const picked = this.at && cornerAt(drawn, this.at)
    if (picked) pick.setGeometry(new Point(picked))
    if (every.length > 0) source.addFeatures([shape, corners])
    if (picked) source.addFeature(pick)
    this.heard()
  }
}
