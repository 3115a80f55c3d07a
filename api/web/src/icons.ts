/** Small drawings on buttons, in the colour of their text; the words stand beside or behind them. */

const SVG = 'http://www.w3.org/2000/svg'
const PATHS = {
  north: 'M12 2 L18 21 L12 17 L6 21 Z',
  permit: 'M4 9 V4 H9 M15 4 H20 V9 M20 15 V20 H15 M9 20 H4 V15 M8.5 8.5 H15.5 V15.5 H8.5 Z',
  full: 'M4 9 V4 H9 M15 4 H20 V9 M20 15 V20 H15 M9 20 H4 V15',
  loupe: 'M10 4 A6 6 0 1 0 10 16 A6 6 0 1 0 10 4 M14.5 14.5 L21 21 M10 7 V13 M7 10 H13',
  length: 'M3 15 L15 3 L21 9 L9 21 Z M7 11 L9.5 13.5 M10 8 L12 10 M13 5 L15.5 7.5',
  area: 'M4 7 L14 4 L20 12 L16 20 L6 18 Z',
  place: 'M12 3 V9 M12 15 V21 M3 12 H9 M15 12 H21 M12 11.5 V12.5',
  remove: 'M4 7 H20 M9 7 V4 H15 V7 M6 7 L7 20 H17 L18 7 M10 11 V16 M14 11 V16',
  menu: 'M4 7 H20 M4 12 H20 M4 17 H20',
  copy: 'M9 9 H20 V20 H9 Z M15 9 V4 H4 V15 H9',
} as const
export type IconName = keyof typeof PATHS

export function icon(name: IconName): SVGElement {
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', PATHS[name])
  const drawn = document.createElementNS(SVG, 'svg')
  drawn.setAttribute('viewBox', '0 0 24 24')
  drawn.setAttribute('class', 'icon')
  drawn.setAttribute('aria-hidden', 'true')
  drawn.append(path)
  return drawn
}
