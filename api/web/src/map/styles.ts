/** How things are drawn: each by its line as well as by its colour. */

import { Fill, Stroke, Style } from 'ol/style.js'

/** The permit: a firm line with a light edge, to be seen on dark and on bright ground. */
export function groundStyle(): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: '#ffffff', width: 5 }) }),
    new Style({ stroke: new Stroke({ color: '#0b4f59', width: 2.5 }) }),
  ]
}

/** An image: filled, with a broken line around it. */
export function pictureStyle(): Style {
  return new Style({
    stroke: new Stroke({ color: '#8a5a00', width: 2, lineDash: [6, 4] }),
    fill: new Fill({ color: 'rgba(242, 184, 75, 0.35)' }),
  })
}
