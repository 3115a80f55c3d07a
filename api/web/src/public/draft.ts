/** What somebody began to write: kept in this tab until it is filed, through a reload or a sign-in. */

const KEPT = 'tinjau.draft.'

/**
 * Fills a form with what was begun under this name, and keeps what is written from now on.
 * The function that is given forgets it, when it is filed.
 */
export function drafted(form: HTMLFormElement, name: string, fields: string[]): () => void {
  const key = KEPT + name
  const kept = JSON.parse(sessionStorage.getItem(key) ?? '{}') as Record<string, string>
  for (const field of fields) {
    const control = form.elements.namedItem(field)
    const words = kept[field]
    if (words === undefined) continue
    // A lone radio is an element: its value is what it stands for, and no choice.
    if (control instanceof RadioNodeList || control instanceof HTMLTextAreaElement)
      control.value = words
    else if (control instanceof HTMLSelectElement) {
      const known = [...control.options].some((one) => one.value === words)
      if (known) control.value = words
    }
  }
  form.addEventListener('input', () => {
    const now = new FormData(form)
    const words = fields.map((field) => [field, now.get(field) ?? ''])
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(words)))
  })
  return () => sessionStorage.removeItem(key)
}
