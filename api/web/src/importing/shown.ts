/** A value that comes in; positions of which nobody stated the order, in each order that they may have. */

import { written } from '../permit/written'
import { say } from '../wording'

const MOST = 3

interface Candidate {
  order: string
  positions: { longitude: number; latitude: number }[]
}

export function shown(field: string, value: unknown): string {
  if (!Array.isArray(value) || !value.every(isCandidate)) return written(field, value)
  return value.map(told).join(' / ')
}

function told({ order, positions }: Candidate): string {
  const isLatitudeFirst = order.startsWith('latitude')
  const places = positions
    .slice(0, MOST)
    .map(({ latitude, longitude }) =>
      isLatitudeFirst ? `${latitude} ${longitude}` : `${longitude} ${latitude}`,
    )
  if (positions.length > MOST) places.push('…')
  const key = isLatitudeFirst ? 'import.latitude_first' : 'import.longitude_first'
  return say(key, { positions: places.join('; ') })
}

function isCandidate(one: unknown): one is Candidate {
  return typeof one === 'object' && one !== null && 'order' in one && 'positions' in one
}
