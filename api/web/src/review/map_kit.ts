/** All that draws and measures: read in one go, when there is a map to show. */

export { Loupe } from '../map/loupe'
export { Original } from '../map/original'
export { TilesMap } from '../map/tiles_map'
export { Whereabouts } from '../map/whereabouts'
export { MapMeasure } from './map_measure'
export { MapReadout } from './map_readout'
