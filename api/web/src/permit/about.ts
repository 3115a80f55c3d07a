/** What tells one permit from another in a list: who holds it, what it is, where it lies. */

import { el } from '../dom'
import type { ListedPermit } from '../service/answers'

export function aboutPermit({ holder, kind, place }: ListedPermit): HTMLElement[] {
  const what = [kind, place].filter((one) => one !== null).join(' · ')
  return [
    ...(holder === null ? [] : [el('div', {}, holder)]),
    ...(what === '' ? [] : [el('div', { class: 'aside' }, what)]),
  ]
}
