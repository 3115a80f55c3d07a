/** What lies under the findings: ground that was not observed, the permit, the ring around it. */

import { buffer, type Extent, getCenter } from 'ol/extent.js'
import Feature from 'ol/Feature.js'
import { MultiPolygon, Polygon } from 'ol/geom.js'
import VectorLayer from 'ol/layer/Vector.js'
import { getPointResolution } from 'ol/proj.js'
import VectorSource from 'ol/source/Vector.js'
import type { Rings } from '../service/reviews'
import { groundFeatures, shapeOf } from './ground'
import { ringStyle, unseenStyle } from './styles'

const PLANE = 'EPSG:3857'

export interface Ground {
  /** In degrees, as GeoJSON. */
  boundary: object
  /** Width in metres of the ring that was looked at too; null where the result does not say. */
  ringMetres: number | null
  /** Ground of permit and ring that was not observed. */
  unseen: readonly Rings[]
}

export class GroundLayers {
  readonly layers: VectorLayer[] = []
  /** All of it, on the plane of web maps; null where there is none. */
  readonly extent: Extent | null

  constructor({ boundary, ringMetres, unseen }: Ground) {
    const permit = new VectorSource({ features: groundFeatures(boundary) })
    const hidden = new VectorSource({ features: unseen.map((one) => new Feature(shapeOf(one))) })
    this.layers.push(new VectorLayer({ source: hidden, style: unseenStyle() }))
    let extent = permit.getExtent()
    if (ringMetres !== null && ringMetres > 0 && extent !== null) {
      // On a canvas of its own: it is drawn by taking away again what lies within.
      const source = new VectorSource({ features: [new Feature(wholeOf(permit))] })
      this.layers.push(new VectorLayer({ source, style: ringStyle(ringMetres), className: 'ring' }))
      extent = buffer(extent, ringMetres / getPointResolution(PLANE, 1, getCenter(extent), 'm'))
    }
    this.layers.push(new VectorLayer({ source: permit }))
    this.extent = extent
  }
}

/** As one shape, so that parts that lie close share a ring. */
function wholeOf(permit: VectorSource): MultiPolygon {
  const parts = permit.getFeatures().flatMap((one) => {
    const shape = one.getGeometry()
    if (shape instanceof MultiPolygon) return shape.getPolygons()
    return shape instanceof Polygon ? [shape] : []
  })
  return new MultiPolygon(parts)
}
