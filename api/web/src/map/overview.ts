/** A small map without pictures: where a permit and the images brought for it lie. */

import { ScaleLine } from 'ol/control.js'
import Feature from 'ol/Feature.js'
import Polygon, { fromExtent } from 'ol/geom/Polygon.js'
import VectorLayer from 'ol/layer/Vector.js'
import OlMap from 'ol/Map.js'
import { fromLonLat, transformExtent } from 'ol/proj.js'
import VectorSource from 'ol/source/Vector.js'
import View from 'ol/View.js'
import type { Box } from '../service/answers'
import type { Outline } from '../upload/place'
import { say } from '../wording'
import { groundStyle, pictureStyle } from './styles'
import 'ol/ol.css'
import '../styles/map.css'

const drawn = new WeakMap<HTMLElement, OlMap>()

export function drawOverview(place: HTMLElement, ground: Box | null, pictures: Outline[]): void {
  const source = new VectorSource()
  for (const outline of pictures) {
    const feature = new Feature(new Polygon([outline.map((corner) => fromLonLat(corner))]))
    feature.setStyle(pictureStyle())
    source.addFeature(feature)
  }
  if (ground !== null) {
    const feature = new Feature(fromExtent(extentOf(ground)))
    feature.setStyle(groundStyle())
    source.addFeature(feature)
  }
  const map = drawn.get(place) ?? begun(place)
  map.setLayers([new VectorLayer({ source })])
  const extent = source.getExtent()
  if (extent !== null) map.getView().fit(extent, { padding: [24, 24, 32, 24], maxZoom: 19 })
}

export function extentOf({ west, south, east, north }: Box): number[] {
  return transformExtent([west, south, east, north], 'EPSG:4326', 'EPSG:3857')
}

function begun(place: HTMLElement): OlMap {
  place.setAttribute('role', 'img')
  place.setAttribute('aria-label', say('map.overview'))
  const map = new OlMap({
    target: place,
    controls: [new ScaleLine()],
    interactions: [],
    view: new View({ maxZoom: 22 }),
  })
  drawn.set(place, map)
  return map
}
