/** All that is known of the finding that is chosen: its figures, why and why not, what was said. */

import { el, fill } from '../dom'
import { ground, length, number, percent } from '../format'
import type { Sentence } from '../service/findings'
import type { Finding, Stated, Values, Word } from '../service/reviews'
import { say } from '../wording'
import { spoken } from './answers_part'
import type { Desk } from './desk'
import { History } from './history'
import { objected } from './objected'
import { isCut, parts } from './parts'

export class FindingAbout {
  readonly body = el('div', {
    class: 'one',
    tabindex: 0,
    role: 'group',
    'aria-label': say('review.chosen'),
  })
  private readonly history: History

  constructor(private readonly desk: Desk) {
    this.history = new History((code) => desk.known.reasonOf(code), desk.left)
  }

  draw(one: Finding): void {
    const { known } = this.desk
    const words = known.words?.findings[one.code]
    this.history.show(one)
    fill(
      this.body,
      el('h3', {}, `${one.code} · ${say(`ground.${known.counted(one).ground_class}`)}`),
      one.added_by === null ? null : el('p', {}, say('review.by_hand')),
      this.figures(one),
      ...list(say('review.reasons'), words?.reasons),
      ...list(say('review.doubts'), words?.may_be_false_because),
      one.review === null ? null : el('p', {}, this.history.told(one.review)),
      (one.review?.sequence ?? 0) > 1 ? this.history.body : null,
      objected(one.inspection_id, one.code, this.desk.left),
      this.desk.isOpen ? this.buttons(one) : null,
    )
  }

  /** A word in one line. */
  wordTold(word: Word): HTMLElement {
    return this.history.told(word)
  }

  private figures(one: Finding): HTMLElement | null {
    const { known } = this.desk
    const stated = known.statedOf(one)
    const counts = known.valuesOf(one)
    if (stated === undefined || counts === undefined) return null
    const rows: [string, string, string | null][] = [
      row('area', size, counts, stated),
      row('parts', parts, counts, stated),
      row('place', place, counts, stated),
      row('class', (values) => say(`ground.${values.class}`), counts, stated),
      [say('figure.since'), say(`epoch.${known.counted(one).epoch}`), null],
    ]
    if (counts.class === stated.class) rows.splice(3, 1)
    if (!isCut(counts) && !isCut(stated)) rows.splice(1, 1)
    if (typeof stated.volume_m3 === 'number')
      rows.push([say('figure.volume'), volume(stated.volume_m3, stated), null])
    const words = sure(stated)
    if (words.length > 0) rows.push([say('figure.confidence'), words.join(' · '), null])
    return el('dl', { class: 'stated' }, ...rows.map(figure))
  }

  private buttons(one: Finding): HTMLElement {
    const { desk } = this
    const button = (words: string, act: () => void) =>
      el('button', { type: 'button', onclick: act }, words)
    const canUndo = (one.review?.sequence ?? 0) > 1
    return el(
      'div',
      { class: 'line' },
      button(say('review.accept'), () => desk.justSaved || desk.accept()),
      button(`${say('review.reject')} …`, () => void desk.reject()),
      desk.look === null ? null : button(`${say('review.edit')} …`, () => void desk.edit()),
      canUndo ? button(say('review.undo'), () => void desk.undo()) : null,
    )
  }
}

/** A figure that counts, and in small what was stated where that is another. */
function row(
  name: 'area' | 'parts' | 'place' | 'class',
  words: (values: Values) => string,
  counts: Values,
  stated: Values,
): [string, string, string | null] {
  const [now, first] = [words(counts), words(stated)]
  return [say(`figure.${name}`), now, now === first ? null : say('figure.stated', { value: first })]
}

function figure([name, value, more]: [string, string, string | null]): HTMLElement {
  const aside = more === null ? null : el('span', { class: 'aside' }, more)
  return el('div', {}, el('dt', {}, name), el('dd', {}, value, aside))
}

function size(values: Values): string {
  return ground(values.area_m2, values.area_uncertainty_m2)
}

function place({ location, distance_outside_m: distance }: Values): string {
  const where = say(`place.${location}`)
  return distance === null
    ? where
    : `${where}, ${say('figure.beyond', { reach: length(distance) })}`
}

function volume(cubicMetres: number, { volume_uncertainty_m3: off }: Stated): string {
  return `${number(cubicMetres)}${typeof off === 'number' ? ` ± ${number(off)}` : ''} m³`
}

function sure(stated: Stated): string[] {
  if (stated.confidence === undefined || stated.robustness === undefined) return []
  const band = stated.certainty ? [say(`figure.band_${stated.certainty}`)] : []
  return [percent(stated.confidence), ...band, say(`figure.${stated.robustness}`)]
}

function list(title: string, sentences: Sentence[] | undefined): Node[] {
  if (sentences === undefined || sentences.length === 0) return []
  const items = sentences.map((words) => spoken('li', words))
  return [el('h4', {}, title), el('ul', {}, ...items)]
}
