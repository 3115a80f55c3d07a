/**
 * A map of what an inspection wrote: its pictures as tiles, the permit's ground, the findings.
 *
 * Whatever people do on it (measuring, looking through a loupe, outlining) is a class of its own that
 * is given this one: it adds layers and interactions to `map`, and takes clicks as one of the `tools`.
 */

import { defaults as controls, ScaleLine } from 'ol/control.js'
import { defaults as interactions } from 'ol/interaction.js'
import OlMap from 'ol/Map.js'
import View from 'ol/View.js'
import { say } from '../wording'
import { FindingsLayer } from './findings_layer'
import { type Ground, GroundLayers } from './ground_layers'
import { northArrow } from './north'
import { type From, type LayerName, Pictures } from './pictures'
import { Tools } from './tools'
import 'ol/ol.css'
import '../styles/map.css'

const PADDING = [30, 30, 30, 30]
const FINDING_PADDING = [60, 60, 60, 60]
const CLOSEST = 20
const DEEPEST = 26

export class TilesMap {
  readonly map: OlMap
  readonly pictures: Pictures
  readonly findings = new FindingsLayer()
  readonly tools: Tools
  private clicked: ((coordinate: number[]) => void) | null = null
  private picked: ((finding: string) => void) | null = null
  private readonly ground: GroundLayers
  /** The view that showed the whole permit when it was last asked for. */
  private whole: string | null = null

  constructor(
    readonly place: HTMLElement,
    from: From,
    names: readonly LayerName[],
    ground: Ground,
    /** How many metres of ground a pixel of the finest picture shows; null: unknown. */
    readonly finest: number | null,
  ) {
    this.pictures = new Pictures(from, names, finest)
    this.ground = new GroundLayers(ground)
    this.tools = new Tools(place)
    this.map = new OlMap({
      target: place,
      controls: controls({
        attribution: false,
        rotate: false,
        zoomOptions: { zoomInTipLabel: say('map.zoom_in'), zoomOutTipLabel: say('map.zoom_out') },
      }).extend([new ScaleLine(), northArrow()]),
      // North stays up: the arrow then always tells the truth, and people find their way.
      interactions: interactions({ altShiftDragRotate: false, pinchRotate: false }),
      layers: [...this.pictures.layers.values(), ...this.ground.layers, this.findings.layer],
      view: new View({ maxZoom: DEEPEST, enableRotation: false }),
    })
    this.map.on('rendercomplete', () => place.setAttribute('aria-busy', 'false'))
    this.map.on('click', ({ pixel, coordinate }) => {
      if (this.tools.inHand !== null) return
      const finding = this.findings.at(this.map, pixel)
      if (finding === null) this.clicked?.(coordinate)
      else this.picked?.(finding)
    })
    // Its buttons show a sign alone, and a sign is no name.
    for (const button of place.querySelectorAll<HTMLElement>('.ol-zoom button'))
      button.setAttribute('aria-label', button.title)
    this.zoomToPermit()
    // The page takes its shape while the map is there already; whoever moved it keeps their place.
    this.map.on('change:size', () => {
      if (this.whole === this.view()) this.zoomToPermit()
    })
  }

  /** Calls this with where somebody clicked who had no tool in hand and hit no finding. */
  onClick(hear: (coordinate: number[]) => void): void {
    this.clicked = hear
  }

  /** Calls this with the finding whose line or name somebody clicked. */
  onPick(hear: (finding: string) => void): void {
    this.picked = hear
  }

  /** Shows these layers, and no others; the place says that it is busy until all of it is drawn. */
  show(names: readonly LayerName[]): void {
    this.pictures.show(names)
    this.redraw()
  }

  /** How much of the width, from the left, the earlier flight takes. */
  swipe(share: number | null): void {
    this.pictures.swipe(share)
    this.redraw()
  }

  /** How firmly the earlier flight lies over this one: 0 not at all, 1 wholly. */
  fade(opacity: number): void {
    this.pictures.fade(opacity)
    this.redraw()
  }

  zoomTo(finding: string): void {
    const extent = this.findings.extentOf(finding)
    if (extent === null) return
    this.map.getView().fit(extent, { padding: FINDING_PADDING, maxZoom: CLOSEST })
    this.redraw()
  }

  zoomToPermit(): void {
    const extent = this.ground.extent
    if (extent !== null) this.map.getView().fit(extent, { padding: PADDING })
    this.whole = this.view()
    this.redraw()
  }

  /** What is to be seen, to be held against another time. */
  private view(): string {
    const view = this.map.getView()
    return `${view.getCenter()} ${view.getResolution()}`
  }

  /** Draws anew; the place says that it is busy until all of it is there. */
  redraw(): void {
    this.place.setAttribute('aria-busy', 'true')
    this.map.render()
  }

  end(): void {
    this.tools.hold(null)
    this.map.setTarget(undefined)
  }
}
