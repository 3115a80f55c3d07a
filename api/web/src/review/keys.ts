/** Keys for what is done most; in a field they are letters, and beside a dialog nothing. */

export function hearKeys(
  acts: Record<string, () => void | Promise<void>>,
  left: AbortSignal,
): void {
  const heard = (event: KeyboardEvent) => {
    const act = acts[event.key]
    const isOurs = !(event.ctrlKey || event.metaKey || event.altKey || event.repeat)
    if (act === undefined || !isOurs || isTyping()) return
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
