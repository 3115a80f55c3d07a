/** The findings on the map, each drawn anew when something is said of it. */

import Feature from 'ol/Feature.js'
import VectorLayer from 'ol/layer/Vector.js'
import type OlMap from 'ol/Map.js'
import VectorSource from 'ol/source/Vector.js'
import type { Finding, Rings } from '../service/reviews'
import { findingStyle } from './finding_styles'
import { shapeOf } from './ground'

const TOLERANCE_PX = 5

export class FindingsLayer {
  readonly source = new VectorSource()
  readonly layer = new VectorLayer({ source: this.source, declutter: true })

  /** Draws a finding, or draws it anew; `null` instead of rings keeps its outline. */
  draw(finding: Finding, rings: Rings | null, isChosen: boolean): void {
    let feature = this.source.getFeatureById(finding.id)
    if (rings !== null) {
      const shape = shapeOf(rings)
      if (feature === null) {
        feature = new Feature(shape)
        feature.setId(finding.id)
        this.source.addFeature(feature)
      } else feature.setGeometry(shape)
    }
    feature?.setStyle(findingStyle(finding, isChosen))
  }

  /** The finding whose line or name is there. */
  at(map: OlMap, pixel: number[]): string | null {
    const found = map.forEachFeatureAtPixel(pixel, (one) => one.getId(), {
      layerFilter: (layer) => layer === this.layer,
      hitTolerance: TOLERANCE_PX,
    })
    return typeof found === 'string' ? found : null
  }

  extentOf(finding: string): number[] | null {
    return this.source.getFeatureById(finding)?.getGeometry()?.getExtent() ?? null
  }
}
