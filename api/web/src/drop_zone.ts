/** A place to drop files on, or to choose them from the device; a label, so that keys reach it too. */

import { el } from './dom'

export function dropZone(
  input: HTMLInputElement,
  words: Node[],
  take: (files: File[]) => void,
): HTMLElement {
  const zone = el('label', { for: input.id, class: 'drop' }, ...words)
  input.classList.add('unseen')
  input.addEventListener('change', () => {
    take([...(input.files ?? [])])
    // The same file chosen again is a choice as well.
    input.value = ''
  })
  zone.addEventListener('dragover', (event) => {
    event.preventDefault()
    zone.classList.add('over')
  })
  zone.addEventListener('dragleave', () => zone.classList.remove('over'))
  zone.addEventListener('drop', (event) => {
    event.preventDefault()
    zone.classList.remove('over')
    take([...(event.dataTransfer?.files ?? [])])
  })
  return zone
}
