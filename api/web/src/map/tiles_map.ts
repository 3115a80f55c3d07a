/** A map of what an inspection wrote: its pictures as tiles, the permit's ground, the findings. */

import { defaults, ScaleLine } from 'ol/control.js'
import Feature from 'ol/Feature.js'
import MultiPolygon from 'ol/geom/MultiPolygon.js'
import TileLayer from 'ol/layer/Tile.js'
import VectorLayer from 'ol/layer/Vector.js'
import OlMap from 'ol/Map.js'
import type RenderEvent from 'ol/render/Event.js'
import { getRenderPixel } from 'ol/render.js'
import VectorSource from 'ol/source/Vector.js'
import XYZ from 'ol/source/XYZ.js'
import View from 'ol/View.js'
import type { Finding, Rings } from '../service/reviews'
import { say } from '../wording'
import { findingStyle } from './finding_styles'
import { groundFeatures } from './ground'
import 'ol/ol.css'
import '../styles/map.css'

export const LAYERS = ['current', 'baseline', 'change'] as const
export type LayerName = (typeof LAYERS)[number]

const PADDING = [30, 30, 30, 30]
const CLOSEST = 20

export class TilesMap {
  private readonly map: OlMap
  private readonly layers = new Map<LayerName, TileLayer>()
  private readonly findings = new VectorSource()
  /** Up to where, of the width, the earlier flight lies over this one; null: wholly. */
  private share: number | null = null

  constructor(
    private readonly place: HTMLElement,
    inspection: string,
    names: readonly LayerName[],
    ground: object,
  ) {
    const outline = new VectorSource({ features: groundFeatures(ground) })
    for (const name of names) {
      const source = new XYZ({
        url: `/tiles/${inspection}/${name}/{z}/{x}/{y}`,
        maxZoom: 23,
        transition: 0,
      })
      this.layers.set(name, new TileLayer({ source, visible: false }))
    }
    const earlier = this.layers.get('baseline')
    earlier?.on('prerender', (event) => this.clip(event))
    earlier?.on('postrender', (event) => canvasOf(event).restore())
    this.map = new OlMap({
      target: place,
      controls: defaults({
        attribution: false,
        zoomOptions: { zoomInTipLabel: say('map.zoom_in'), zoomOutTipLabel: say('map.zoom_out') },
      }).extend([new ScaleLine()]),
      layers: [
        ...this.layers.values(),
        new VectorLayer({ source: outline }),
        new VectorLayer({ source: this.findings, declutter: true }),
      ],
      view: new View({ maxZoom: 24 }),
    })
    this.map.on('rendercomplete', () => place.setAttribute('aria-busy', 'false'))
    const extent = outline.getExtent()
    if (extent !== null) this.map.getView().fit(extent, { padding: PADDING })
  }

  /** Shows these layers, and no others; the place says that it is busy until all of it is drawn. */
  show(names: readonly LayerName[]): void {
    this.place.setAttribute('aria-busy', 'true')
    for (const [name, layer] of this.layers) layer.setVisible(names.includes(name))
    this.map.render()
  }

  /** How much of the width, from the left, the earlier flight takes. */
  swipe(share: number | null): void {
    this.share = share
    this.place.setAttribute('aria-busy', 'true')
    this.map.render()
  }

  /** Draws a finding, or draws it anew; `null` instead of rings keeps its outline. */
  draw(finding: Finding, rings: Rings | null, isChosen: boolean): void {
    let feature = this.findings.getFeatureById(finding.id)
    if (rings !== null) {
      const shape = new MultiPolygon(rings).transform('EPSG:4326', 'EPSG:3857')
      if (feature === null) {
        feature = new Feature(shape)
        feature.setId(finding.id)
        this.findings.addFeature(feature)
      } else feature.setGeometry(shape)
    }
    feature?.setStyle(findingStyle(finding, isChosen))
  }

  zoomTo(finding: string): void {
    const shape = this.findings.getFeatureById(finding)?.getGeometry()
    if (!shape) return
    this.place.setAttribute('aria-busy', 'true')
    const options = { padding: [60, 60, 60, 60], maxZoom: CLOSEST }
    this.map.getView().fit(shape.getExtent(), options)
    this.map.render()
  }

  end(): void {
    this.map.setTarget(undefined)
  }

  private clip(event: RenderEvent): void {
    const canvas = canvasOf(event)
    canvas.save()
    const [width = 0, height = 0] = this.map.getSize() ?? []
    if (this.share === null) return
    const right = width * this.share
    const corners = [
      [0, 0],
      [right, 0],
      [right, height],
      [0, height],
    ].map((corner) => getRenderPixel(event, corner))
    canvas.beginPath()
    for (const [x = 0, y = 0] of corners) canvas.lineTo(x, y)
    canvas.closePath()
    canvas.clip()
  }
}

function canvasOf(event: RenderEvent): CanvasRenderingContext2D {
  return event.context as CanvasRenderingContext2D
}
