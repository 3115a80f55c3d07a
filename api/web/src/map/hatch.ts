/** Patterns that ground is filled with and lines are broken by: seen on dark and on bright. */

const SIDE = 12
const DARK = '#10201f'
const LIGHT = '#ffffff'

/** Strokes at an angle, each dark beside light, the picture still to be seen between them. */
export function hatch(): CanvasPattern {
  return pattern((pen) => {
    stroke(pen, LIGHT, 4)
    stroke(pen, DARK, 2)
  })
}

/** Dark and light in turn, along whatever runs over it. */
export function zebra(): CanvasPattern {
  return pattern((pen) => {
    pen.fillStyle = LIGHT
    pen.fillRect(0, 0, SIDE, SIDE)
    stroke(pen, DARK, SIDE / 2 / Math.SQRT2)
  })
}

/** From corner to corner, and what of it lies in the neighbouring pieces. */
function stroke(pen: CanvasRenderingContext2D, colour: string, width: number): void {
  pen.strokeStyle = colour
  pen.lineWidth = width
  pen.beginPath()
  for (const shift of [-SIDE, 0, SIDE]) {
    pen.moveTo(shift - SIDE, SIDE * 2)
    pen.lineTo(shift + SIDE * 2, -SIDE)
  }
  pen.stroke()
}

function pattern(draw: (pen: CanvasRenderingContext2D) => void): CanvasPattern {
  const ratio = Math.max(1, Math.round(devicePixelRatio))
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIDE * ratio
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('this browser draws nothing')
  pen.scale(ratio, ratio)
  draw(pen)
  const drawn = pen.createPattern(canvas, 'repeat')
  if (drawn === null) throw new Error('this browser draws no patterns')
  return drawn
}
