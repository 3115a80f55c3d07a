/** The outline that a finding was found with, beside the one that a person drew in its place. */

import Feature from 'ol/Feature.js'
import VectorLayer from 'ol/layer/Vector.js'
import VectorSource from 'ol/source/Vector.js'
import { Fill, Stroke, Style, Text } from 'ol/style.js'
import type { Rings } from '../service/reviews'
import { say } from '../wording'
import { shapeOf } from './ground'
import type { TilesMap } from './tiles_map'

const DARK = '#10201f'

export class Original {
  private readonly source = new VectorSource()

  constructor(on: TilesMap) {
    const style = [
      new Style({ stroke: new Stroke({ color: DARK, width: 3 }) }),
      new Style({
        stroke: new Stroke({ color: '#ffffff', width: 1.5, lineDash: [4, 4] }),
        text: new Text({
          text: say('outline.original'),
          font: '500 12px system-ui, sans-serif',
          placement: 'line',
          textBaseline: 'bottom',
          overflow: true,
          fill: new Fill({ color: '#ffffff' }),
          stroke: new Stroke({ color: DARK, width: 3 }),
        }),
      }),
    ]
    on.map.addLayer(new VectorLayer({ source: this.source, style, zIndex: 1 }))
  }

  show(rings: Rings | null): void {
    this.source.clear()
    if (rings !== null) this.source.addFeature(new Feature(shapeOf(rings)))
  }
}
