/**
 * Pages on paper: at the foot from where and when; a map as large as it is on the screen, made to fit.
 *
 * The size of the paper is the printer's (A4, F4): both are as wide, and a map that is drawn anew
 * while it is printed would come out empty, so it keeps its picture.
 */

import { moment } from './format'
import { say } from './wording'
import './styles/print.css'

/** Between the margins of A4 and F4, in CSS pixels: 182 mm of 210. */
const WIDTH = 688
/** Of an inspection's map, whose legend stands beside it: 130 by 100 mm, below the answers. */
const BESIDE = { width: 491, height: 378 }
/** A telephone's map is drawn in as many dots, and bears being enlarged. */
const LARGEST = 1.5
/** What is folded and no part of what the page tells. */
const NOT_TOLD = ':not(.history, .filter)'

export function tellPrinter(): void {
  window.addEventListener('beforeprint', () => {
    const when = moment(new Date().toISOString())
    const foot = `${location.href} · ${say('app.printed', { when })}`
    document.documentElement.style.setProperty('--foot', JSON.stringify(foot))
    open()
    for (const map of document.querySelectorAll<HTMLElement>('.map')) keep(map)
  })
}

/** On paper nothing can be unfolded; afterwards it is on the screen as it was. */
function open(): void {
  // Nor can the rest of a list be asked for.
  for (const one of document.querySelectorAll<HTMLElement>('main .unfolds')) one.click()
  const folded = document.querySelectorAll<HTMLDetailsElement>(
    `main details${NOT_TOLD}:not([open])`,
  )
  for (const one of folded) one.open = true
  const fold = () => {
    for (const one of folded) one.open = false
  }
  window.addEventListener('afterprint', fold, { once: true })
}

function keep(map: HTMLElement): void {
  const { width, height } = map.getBoundingClientRect()
  map.style.setProperty('--wide', `${width}px`)
  map.style.setProperty('--high', `${height}px`)
  const fit = map.closest('.outcome .ground')
    ? Math.min(LARGEST, BESIDE.width / width, BESIDE.height / height)
    : Math.min(1, WIDTH / width)
  map.style.setProperty('--fit', String(width > 0 ? fit : 1))
}
