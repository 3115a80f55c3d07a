/** The result of an inspection: the answers, the map beside the findings, the decision. */

import { el, fill } from '../dom'
import type { Inspected } from '../service/reviews'
import { Desk } from './desk'
import { mapPart } from './map_part'
import { objected } from './objected'
import '../styles/findings.css'
import '../styles/outlining.css'
import '../styles/review.css'

/** Shows the result of an inspection that is done in this place. */
export async function showResult(place: HTMLElement, done: Inspected, left: AbortSignal) {
  const map = el('div')
  if (done.standing === null) {
    fill(place, map)
    await mapPart(map, done, null, left)
    return
  }
  const desk = new Desk(done, done.standing, left)
  await desk.begin()
  // The answers and the list are of use before the map is, for which room is kept.
  const against = objected(done.id, null, left)
  const both = el('div', { class: 'desk' }, map, desk.list.body)
  fill(place, desk.top, both, against, desk.decision.body)
  desk.look = await mapPart(map, done, desk.known.document, left)
  desk.look?.map.onPick((id) => desk.pick(id))
  desk.drawAll()
  await desk.outlining.goOn()
  place.setAttribute('data-ready', '')
}
