/** The colours of change, as the service draws its tiles: from where on, and how they grow. */

const FULL = 100
const STOPS: [number, [number, number, number], number][] = [
  [35, [255, 190, 60], 0],
  [65, [235, 95, 25], 190],
  [FULL, [130, 10, 30], 235],
]

/** A smaller score is drawn nowhere: light and seasons alone change that much. */
export const SHOWN_FROM = 35

export function rampCss(): string {
  const stops = STOPS.map(([score, colour, opacity]) => {
    const at = ((score - SHOWN_FROM) / (FULL - SHOWN_FROM)) * 100
    return `rgba(${colour.join(', ')}, ${opacity / 255}) ${at}%`
  })
  return `linear-gradient(to right, ${stops.join(', ')})`
}
