/** A small map without pictures: where a permit and the images brought for it lie. */

import { ScaleLine } from 'ol/control.js'
import Feature from 'ol/Feature.js'
import Polygon from 'ol/geom/Polygon.js'
import VectorLayer from 'ol/layer/Vector.js'
import OlMap from 'ol/Map.js'
import { fromLonLat } from 'ol/proj.js'
import VectorSource from 'ol/source/Vector.js'
import View from 'ol/View.js'
import type { Outline } from '../upload/place'
import { say } from '../wording'
import { groundFeatures } from './ground'
import { pictureStyle } from './styles'
import 'ol/ol.css'
import '../styles/map.css'

const drawn = new WeakMap<HTMLElement, OlMap>()

export function drawOverview(place: HTMLElement, ground: object | null, pictures: Outline[]): void {
  const source = new VectorSource()
  for (const outline of pictures) {
    const feature = new Feature(new Polygon([outline.map((corner) => fromLonLat(corner))]))
    feature.setStyle(pictureStyle())
    source.addFeature(feature)
  }
  if (ground !== null) source.addFeatures(groundFeatures(ground))
  const map = drawn.get(place) ?? begun(place)
  map.setLayers([new VectorLayer({ source })])
  const extent = source.getExtent()
  if (extent !== null) map.getView().fit(extent, { padding: [24, 24, 32, 24], maxZoom: 19 })
}

/** Ends the map of a place that is shown no more. */
export function endOverview(place: HTMLElement): void {
  drawn.get(place)?.setTarget(undefined)
  drawn.delete(place)
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
