/** A stretch of an outline that is drawn anew: two places on the outline, and the line between. */

import type { Coordinate } from 'ol/coordinate.js'
import type { Drawn } from './corners'

/** A place on a ring: on the side behind that corner, so far along it. */
export interface OnRing {
  readonly part: number
  readonly ring: number
  readonly side: number
  readonly share: number
  readonly at: Coordinate
}

export class Stretch {
  private from: OnRing | null = null
  private to: OnRing | null = null
  private line: Coordinate[] = []
  /** Of the two ways around the ring the shorter one is drawn anew, unless one says otherwise. */
  private isOther = false

  constructor(private readonly drawn: Drawn) {}

  get hasStart(): boolean {
    return this.from !== null
  }

  get hasEnd(): boolean {
    return this.to !== null
  }

  /** How many corners the new line has. */
  get count(): number {
    return this.line.length
  }

  /** Its ends and the new line, as far as they are drawn. */
  get fresh(): Coordinate[] {
    const { from, to, line } = this
    return [...(from ? [from.at] : []), ...line, ...(to ? [to.at] : [])]
  }

  /** What the new line takes the place of. */
  get gone(): Coordinate[] {
    const { from, to } = this
    if (from === null || to === null) return []
    return [from.at, ...this.corners(from, to), to.at]
  }

  /** Where on the outline it may begin or end, nearest to a place. */
  nearest(place: Coordinate): OnRing | null {
    return nearestOn(this.drawn, place, this.from)
  }

  /** First the start, then the end, then corner by corner. */
  put(place: Coordinate): void {
    if (this.to !== null) this.line = [...this.line, place]
    else {
      const on = this.nearest(place)
      if (this.from === null) this.from = on
      else if (on !== null && distance(on.at, this.from.at) > 0) this.to = on
    }
  }

  turn(): void {
    this.isOther = !this.isOther
  }

  /** Takes back what was put last; false where there is nothing. */
  undo(): boolean {
    if (this.line.length > 0) this.line = this.line.slice(0, -1)
    else if (this.to !== null) this.to = null
    else if (this.from !== null) this.from = null
    else return false
    return true
  }

  /** The outline with the new line in it; null until both ends are set. */
  get whole(): Drawn | null {
    const { from, to, line } = this
    if (from === null || to === null) return null
    const rest = this.isForward(from, to)
      ? between(this.ringOf(from), to, from)
      : between(this.ringOf(from), from, to).reverse()
    const ring = distinct([from.at, ...line, to.at, ...rest])
    if (ring.length < 3) return null
    const closed = this.drawn.closed.map((rings, part) =>
      rings.map((corners, place) =>
        part === from.part && place === from.ring ? [...ring, ring[0] as Coordinate] : corners,
      ),
    )
    return { open: null, closed }
  }

  private corners(from: OnRing, to: OnRing): Coordinate[] {
    const ring = this.ringOf(from)
    return this.isForward(from, to) ? between(ring, from, to) : between(ring, to, from).reverse()
  }

  /** Whether the way in the ring's own direction is the one that is drawn anew. */
  private isForward(from: OnRing, to: OnRing): boolean {
    const ring = this.ringOf(from)
    const there = length([from.at, ...between(ring, from, to), to.at])
    const back = length([to.at, ...between(ring, to, from), from.at])
    return there <= back !== this.isOther
  }

  /** Its corners, the first of them once. */
  private ringOf({ part, ring }: OnRing): Coordinate[] {
    return this.drawn.closed[part]?.[ring]?.slice(0, -1) ?? []
  }
}

/** The corners that one passes from one place to another, in the ring's direction. */
function between(ring: Coordinate[], from: OnRing, to: OnRing): Coordinate[] {
  const sides = ring.length
  const isAround = to.side === from.side && to.share < from.share
  const count = isAround ? sides : (to.side - from.side + sides) % sides
  return Array.from({ length: count }, (_, more) => ring[(from.side + 1 + more) % sides] ?? [])
}

/** On the ring of another place, where one is given. */
function nearestOn({ closed }: Drawn, place: Coordinate, like: OnRing | null): OnRing | null {
  let best: OnRing | null = null
  let least = Infinity
  for (const [part, rings] of closed.entries())
    for (const [ring, corners] of rings.entries()) {
      if (like !== null && (like.part !== part || like.ring !== ring)) continue
      for (const [side, a] of corners.slice(0, -1).entries()) {
        const on = onSide(a, corners[side + 1] ?? a, place)
        const far = distance(on.at, place)
        if (far < least) [best, least] = [{ part, ring, side, ...on }, far]
      }
    }
  return best
}

function onSide(a: Coordinate, b: Coordinate, place: Coordinate) {
  const [ax = 0, ay = 0] = a
  const [bx = 0, by = 0] = b
  const [x = 0, y = 0] = place
  const [dx, dy] = [bx - ax, by - ay]
  const square = dx * dx + dy * dy
  const along = square === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / square
  const share = Math.min(1, Math.max(0, along))
  return { share, at: [ax + share * dx, ay + share * dy] }
}

function distinct(line: Coordinate[]): Coordinate[] {
  const last = line.length - 1
  return line.filter((one, place) => distance(one, line[place === 0 ? last : place - 1] ?? []) > 0)
}

function length(line: Coordinate[]): number {
  return line.reduce((sum, one, place) => sum + distance(one, line[place - 1] ?? one), 0)
}

export function distance([ax = 0, ay = 0]: Coordinate, [bx = 0, by = 0]: Coordinate): number {
  return Math.hypot(ax - bx, ay - by)
}
