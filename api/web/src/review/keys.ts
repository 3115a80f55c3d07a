/** Keys for what is done most; in a field they are letters, and beside a dialog nothing. */

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

export function hearKeys(
  acts: Record<string, () => void | Promise<void>>,
  left: AbortSignal,
): void {
  const heard = (event: KeyboardEvent) => {
    const act = acts[event.key]
    const isOurs = !(event.ctrlKey || event.metaKey || event.altKey || event.repeat)
    if (act === undefined || !isOurs || !keysAreOn() || isTyping()) return
    event.preventDefault()
    void act()
  }
  document.addEventListener('keydown', heard, { signal: left })
}

function isTyping(): boolean {
  if (document.querySelector('dialog[open]') !== null) return true
  const at = document.activeElement
  return at?.matches('input:not([type=range]), select, textarea') ?? false
}
