/** A loupe that shows the flights beside one another, at the same place and the same scale. */

import { equals } from 'ol/array.js'
import PointerInteraction from 'ol/interaction/Pointer.js'
import TileLayer from 'ol/layer/Tile.js'
import OlMap from 'ol/Map.js'
import type MapBrowserEvent from 'ol/MapBrowserEvent.js'
import { getPointResolution } from 'ol/proj.js'
import View from 'ol/View.js'
import { el } from '../dom'
import type { LayerName } from './pictures'
import type { TilesMap } from './tiles_map'
import type { Whereabouts } from './whereabouts'

const PLANE = 'EPSG:3857'
/** Where the map itself shows that much already, the loupe shows it larger. */
const LARGER = 2
const HALF = 0.5

export class Loupe {
  readonly body = el('div', { class: 'lenses' })
  private readonly lenses: OlMap[]
  private readonly finger: PointerInteraction

  /** `finest` is how many metres of ground a pixel of the finest picture shows; null: unknown. */
  constructor(
    private readonly around: TilesMap,
    private readonly where: Whereabouts,
    captions: Partial<Record<LayerName, string>>,
    private readonly finest: number | null,
  ) {
    this.body.hidden = true
    this.lenses = Object.entries(captions).map(([name, caption]) =>
      this.lens(name as LayerName, caption),
    )
    where.onChange(() => this.follow())
    this.finger = new PointerInteraction({
      handleDownEvent: (event) => this.isFinger(event),
      handleDragEvent: ({ coordinate }) => where.set(coordinate),
    })
    around.map.addInteraction(this.finger)
  }

  get isOn(): boolean {
    return !this.body.hidden
  }

  toggle(): void {
    this.body.hidden = this.isOn
    this.around.place.classList.toggle('looking', this.isOn)
    for (const lens of this.lenses) lens.updateSize()
    this.follow()
  }

  end(): void {
    for (const lens of this.lenses) lens.setTarget(undefined)
  }

  private follow(): void {
    if (!this.isOn) return
    const { map } = this.around
    const center = this.where.coordinate
    const resolution = this.resolution(center)
    for (const lens of this.lenses) show(lens, center, resolution)
    // They never lie over the place that they show.
    const [, y = 0] = map.getPixelFromCoordinate(center) ?? []
    const [, height = 0] = map.getSize() ?? []
    this.body.dataset.side = y > height * HALF ? 'top' : 'bottom'
  }

  private resolution(center: number[]): number {
    const larger = (this.around.map.getView().getResolution() ?? 1) / LARGER
    if (this.finest === null) return larger
    return Math.min(this.finest / getPointResolution(PLANE, 1, center, 'm'), larger)
  }

  private lens(name: LayerName, caption: string): OlMap {
    const target = el('div', { class: 'lens', role: 'img', 'aria-label': caption })
    const source = this.around.pictures.layers.get(name)?.getSource()
    if (!source) throw new Error(`there are no pictures of ${name}`)
    const lens = new OlMap({
      target,
      controls: [],
      interactions: [],
      layers: [new TileLayer({ source })],
      view: new View({ maxZoom: 28, enableRotation: false }),
    })
    lens.on('rendercomplete', () => target.setAttribute('aria-busy', 'false'))
    this.body.append(el('figure', {}, target, el('figcaption', { 'aria-hidden': 'true' }, caption)))
    return lens
  }

  /** One finger moves the loupe; two still move and enlarge the map. */
  private isFinger({ originalEvent, activePointers }: MapBrowserEvent): boolean {
    const isTouch = (originalEvent as PointerEvent).pointerType === 'touch'
    return this.isOn && isTouch && activePointers?.length === 1 && this.around.tools.inHand === null
  }
}

/** The lens says that it is busy until it has drawn what it now shows. */
function show(lens: OlMap, center: number[], resolution: number): void {
  const view = lens.getView()
  const now = [...(view.getCenter() ?? []), view.getResolution()]
  if (equals(now, [...center, resolution])) return
  lens.getTargetElement()?.setAttribute('aria-busy', 'true')
  view.setCenter(center)
  view.setResolution(resolution)
}
