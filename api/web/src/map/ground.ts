/** The permit's own ground, as every map shows it. */

import type Feature from 'ol/Feature.js'
import GeoJSON from 'ol/format/GeoJSON.js'
import { groundStyle } from './styles'

/** Features of a boundary in degrees (GeoJSON), on the plane of web maps. */
export function groundFeatures(boundary: object): Feature[] {
  const features = new GeoJSON().readFeatures(boundary, { featureProjection: 'EPSG:3857' })
  for (const one of features) one.setStyle(groundStyle())
  return features
}
