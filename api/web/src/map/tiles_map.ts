/** A map of what an inspection wrote: its pictures as tiles, and the permit's ground. */

import { defaults, ScaleLine } from 'ol/control.js'
import TileLayer from 'ol/layer/Tile.js'
import VectorLayer from 'ol/layer/Vector.js'
import OlMap from 'ol/Map.js'
import VectorSource from 'ol/source/Vector.js'
import XYZ from 'ol/source/XYZ.js'
import View from 'ol/View.js'
import { say } from '../wording'
import { groundFeatures } from './ground'
import 'ol/ol.css'
import '../styles/map.css'

export const LAYERS = ['current', 'baseline', 'change'] as const
export type LayerName = (typeof LAYERS)[number]

export class TilesMap {
  private readonly map: OlMap
  private readonly layers = new Map<LayerName, TileLayer>()

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
    this.map = new OlMap({
      target: place,
      controls: defaults({
        attribution: false,
        zoomOptions: { zoomInTipLabel: say('map.zoom_in'), zoomOutTipLabel: say('map.zoom_out') },
      }).extend([new ScaleLine()]),
      layers: [...this.layers.values(), new VectorLayer({ source: outline })],
      view: new View({ maxZoom: 24 }),
    })
    this.map.on('rendercomplete', () => place.setAttribute('aria-busy', 'false'))
    const extent = outline.getExtent()
    if (extent !== null) this.map.getView().fit(extent, { padding: [30, 30, 30, 30] })
  }

  /** Shows these layers, and no others; the place says that it is busy until all of it is drawn. */
  show(names: readonly LayerName[]): void {
    this.place.setAttribute('aria-busy', 'true')
    for (const [name, layer] of this.layers) layer.setVisible(names.includes(name))
  }

  end(): void {
    this.map.setTarget(undefined)
  }
}
