/** Keys for what is done most; in a field they are letters, and beside a dialog nothing. */

import type { Drawing } from '../map/drawing'

const KEPT = 'tinjau.keys'
const OFF = 'off'

/** Single keys get in the way of those who speak to their computer: they can be switched off. */
export function keysAreOn(): boolean {
  return localStorage.getItem(KEPT) !== OFF
}

export function switchKeys(on: boolean): void {
  if (on) localStorage.removeItem(KEPT)
  else localStorage.setItem(KEPT, OFF)
}

/** Nobody looks at a finding and says a word on it in less than this. */
const BLINK_MS = 300
/** What says a word at once. */
const WORDS = ['a', 'u']

/** What draws, wherever the focus is; Enter and Escape belong to what has it. */
const DRAWING = [',', '.', 'i', 'z', 's', 'o', 'c', 'Delete']

/** Lets keys that draw do so too while the focus is beside the map, but in no field. */
export function hearDrawing(
  on: () => Drawing | null,
  map: () => Element | null,
  left: AbortSignal,
) {
  const heard = (event: KeyboardEvent) => {
    const drawing = on()
    if (drawing === null || !drawing.isHeld || !DRAWING.includes(event.key)) return
    if (event.ctrlKey || event.metaKey || event.altKey || !keysAreOn() || isTyping()) return
    // On the map they are heard anyway.
    if (map()?.contains(document.activeElement) || !drawing.key(event.key)) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  document.addEventListener('keydown', heard, { signal: left, capture: true })
}

export function hearKeys(
  acts: Record<string, () => void | Promise<void>>,
  left: AbortSignal,
): void {
  let last = { key: '', at: -Infinity }
  const heard = (event: KeyboardEvent) => {
    const act = acts[event.key]
    const isOurs = !(event.ctrlKey || event.metaKey || event.altKey || event.repeat)
    if (act === undefined || !isOurs || !keysAreOn() || isTyping()) return
    event.preventDefault()
    const before = last
    last = { key: event.key, at: event.timeStamp }
    // Some systems tell of a key that is held as of one that is pressed again and again.
    const isHeld = before.key === event.key && event.timeStamp - before.at < BLINK_MS
    if (!(isHeld && WORDS.includes(event.key))) void act()
  }
  document.addEventListener('keydown', heard, { signal: left })
}

export function isTyping(): boolean {
  if (document.querySelector('dialog[open]') !== null) return true
  const at = document.activeElement
  return at?.matches('input:not([type=range]), select, textarea') ?? false
}
