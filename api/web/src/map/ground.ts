/** The permit's own ground, as every map shows it. */

import type Feature from 'ol/Feature.js'
import GeoJSON from 'ol/format/GeoJSON.js'
import MultiPolygon from 'ol/geom/MultiPolygon.js'
import type { Rings } from '../service/reviews'
import { groundStyle } from './styles'

/** Polygons in degrees, on the plane of web maps. */
export function shapeOf(rings: Rings): MultiPolygon {
  return new MultiPolygon(rings).transform('EPSG:4326', 'EPSG:3857') as MultiPolygon
}

/** Features of a boundary in degrees (GeoJSON), on the plane of web maps. */
export function groundFeatures(boundary: object): Feature[] {
  const features = new GeoJSON().readFeatures(boundary, { featureProjection: 'EPSG:3857' })
  for (const one of features) one.setStyle(groundStyle())
  return features
}
