/** What an inspection wrote as pictures, as tiles; the earlier flight over this one, as far as asked. */

import TileLayer from 'ol/layer/Tile.js'
import type RenderEvent from 'ol/render/Event.js'
import { getRenderPixel } from 'ol/render.js'
import XYZ from 'ol/source/XYZ.js'

export const LAYERS = ['current', 'baseline', 'change'] as const
export type LayerName = (typeof LAYERS)[number]
/** The inspection whose pictures they are, or for each whose: inspection/layer. */
export type From = string | Readonly<Partial<Record<LayerName, string>>>

/** Side of a pixel in metres, on the plane of web maps, at level 0. */
const WHOLE_EARTH = 156_543.034
/** As far as the service draws tiles. */
const DEEPEST = 26
const USUAL = 23

/** The level at which nothing of the picture is lost; beyond, it is only drawn larger. */
export function levelOf(metresPerPixel: number | null): number {
  if (metresPerPixel === null) return USUAL
  return Math.min(Math.ceil(Math.log2(WHOLE_EARTH / metresPerPixel)), DEEPEST)
}

export class Pictures {
  readonly layers = new Map<LayerName, TileLayer<XYZ>>()
  /** Up to where, of the width, the earlier flight lies over this one; null: wholly. */
  private share: number | null = null

  constructor(from: From, names: readonly LayerName[], finest: number | null) {
    for (const name of names) {
      const source = new XYZ({
        url: `/tiles/${typeof from === 'string' ? `${from}/${name}` : from[name]}/{z}/{x}/{y}`,
        maxZoom: levelOf(finest),
        transition: 0,
      })
      this.layers.set(name, new TileLayer({ source, visible: false }))
    }
    const earlier = this.layers.get('baseline')
    earlier?.on('prerender', (event) => this.clip(event))
    earlier?.on('postrender', (event) => canvasOf(event).restore())
  }

  show(names: readonly LayerName[]): void {
    for (const [name, layer] of this.layers) layer.setVisible(names.includes(name))
  }

  /** How much of the width, from the left, the earlier flight takes. */
  swipe(share: number | null): void {
    this.share = share
    this.layers.get('baseline')?.changed()
  }

  /** How firmly the earlier flight lies over this one: 0 not at all, 1 wholly. */
  fade(opacity: number): void {
    this.layers.get('baseline')?.setOpacity(opacity)
  }

  private clip(event: RenderEvent): void {
    const canvas = canvasOf(event)
    canvas.save()
    const [width = 0, height = 0] = event.frameState?.size ?? []
    if (this.share === null) return
    const right = width * this.share
    const corners = [
      [0, 0],
      [right, 0],
      [right, height],
      [0, height],
    ].map((corner) => getRenderPixel(event, corner))
    canvas.beginPath()
    for (const [x = 0, y = 0] of corners) canvas.lineTo(x, y)
    canvas.closePath()
    canvas.clip()
  }
}

function canvasOf(event: RenderEvent): CanvasRenderingContext2D {
  return event.context as CanvasRenderingContext2D
}
