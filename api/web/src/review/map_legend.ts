/** What the lines, signs and shades of the map mean, of those that are on it. */

import { el, fill } from '../dom'
import { length, number } from '../format'
import { COLOURS, EPOCHS, SIGNS } from '../map/signs'
import type { Document, Finding, GroundClass, Location } from '../service/reviews'
import { say } from '../wording'
import { sample, swatch } from './swatch'

const LOCATIONS: Location[] = ['inside', 'uncertain', 'outside']
/** On a desk there is room for it; on a telephone it is opened when it is wanted. */
const WIDE = '(min-width: 60.01rem)'

export class MapLegend {
  readonly body: HTMLElement
  private readonly found = el('ul', { class: 'legend' })

  constructor(document: Document | null) {
    this.body = el(
      'details',
      { class: 'key', open: matchMedia(WIDE).matches },
      el('summary', {}, say('map.legend.title')),
      el('ul', { class: 'legend' }, ...ground(document)),
      this.found,
    )
  }

  draw(findings: readonly Finding[]): void {
    const classes = [...new Set(findings.map((one) => one.ground_class))]
    fill(
      this.found,
      ...(findings.length === 0 ? [] : LOCATIONS).map((one) =>
        entry(swatch(null, one), say(`map.legend.${one}`)),
      ),
      ...classes.map((one) => entry(sign(one), say(`ground.${one}`))),
      ...(['standing', 'recovered'] as const)
        .filter((epoch) => findings.some((one) => one.epoch === epoch))
        .map((epoch) => entry(letters(EPOCHS[epoch]), say(`epoch.${epoch}`))),
    )
  }
}

function ground(document: Document | null): HTMLElement[] {
  const items = [entry(sample('boundary'), say('map.legend.boundary'))]
  if (document === null) return items
  const { parameters, coverage } = document
  const metres = parameters.clip.ring_m
  if (metres > 0)
    items.push(entry(sample('ring'), say('map.legend.ring', { width: length(metres) })))
  if (coverage.not_observed.length > 0) {
    const size = number(coverage.not_observed_ha, 2)
    const why = coverage.not_observed.map((one) => say(`map.legend.why.${one.reason}`)).join(', ')
    items.push(entry(sample('unseen'), say('map.legend.unseen', { size, why })))
  }
  return items
}

function sign(kind: GroundClass): HTMLElement {
  const drawn = letters(SIGNS[kind])
  drawn.style.setProperty('--colour', COLOURS[kind])
  return drawn
}

function letters(text: string): HTMLElement {
  return el('span', { class: 'swatch sign', 'aria-hidden': 'true' }, text)
}

function entry(drawn: HTMLElement, words: string): HTMLElement {
  return el('li', {}, drawn, words)
}
