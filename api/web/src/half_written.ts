/** What somebody wrote on a page and did not send yet: on it again when it is drawn in another language. */

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

interface Written {
  key: string
  value: string
  isChecked: boolean
}

/** No page can put a file back; and what is not named is a tool of the page, and no form's. */
const CONTROLS = ':is(input:not([type=file], [type=range]), textarea, select):is([name], [id])'

/** Whatever differs from what the page itself put there. */
export function halfWritten(page: HTMLElement): Written[] {
  return keyed(page)
    .filter(([, control]) => isTouched(control))
    .map(([key, control]) => ({
      key,
      value: control.value,
      isChecked: control instanceof HTMLInputElement && control.checked,
    }))
}

/** Puts it back, also into forms that the page shows only later; what is written meanwhile counts. */
export function putBack(page: HTMLElement, written: Written[], left: AbortSignal): void {
  const waiting = new Map(written.map((one) => [one.key, one]))
  let isOurs = false

  function put(): void {
    isOurs = true
    for (const [key, control] of keyed(page)) {
      const one = waiting.get(key)
      if (one === undefined) continue
      // Choices of a list may come after it.
      if (control instanceof HTMLSelectElement && !holds(control, one.value)) continue
      waiting.delete(key)
      if (isChoice(control)) control.checked = one.isChecked
      else control.value = one.value
      for (const name of ['input', 'change'])
        control.dispatchEvent(new Event(name, { bubbles: true }))
    }
    isOurs = false
    if (waiting.size === 0) watch.disconnect()
  }

  const watch = new MutationObserver(put)
  watch.observe(page, { childList: true, subtree: true })
  left.addEventListener('abort', () => watch.disconnect(), { once: true })
  const over = (event: Event) => {
    if (isOurs) return
    const touched = keyed(page).find(([, control]) => control === event.target)
    if (touched !== undefined) waiting.delete(touched[0])
  }
  page.addEventListener('input', over, { signal: left })
  put()
}

/** Each control by its name, a choice by its value too, and which of that name it is. */
function keyed(page: HTMLElement): [string, Control][] {
  const seen = new Map<string, number>()
  return [...page.querySelectorAll<Control>(CONTROLS)].map((control) => {
    const name = `${control.name || control.id} ${isChoice(control) ? control.value : ''}`
    const place = seen.get(name) ?? 0
    seen.set(name, place + 1)
    return [`${name} ${place}`, control]
  })
}

function isChoice(control: Control): control is HTMLInputElement {
  return ['checkbox', 'radio'].includes(control.type)
}

function isTouched(control: Control): boolean {
  if (control instanceof HTMLSelectElement) return control.selectedIndex !== first(control)
  if (isChoice(control)) return control.checked !== control.defaultChecked
  return control.value !== control.defaultValue
}

/** The choice that a list begins with. */
function first(list: HTMLSelectElement): number {
  const said = [...list.options].findIndex((one) => one.defaultSelected)
  return Math.max(said, 0)
}

function holds(list: HTMLSelectElement, value: string): boolean {
  return [...list.options].some((one) => one.value === value)
}
