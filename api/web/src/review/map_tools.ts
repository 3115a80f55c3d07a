/** The tools of the map, as buttons with a drawing, a word and a longer explanation. */

import { el } from '../dom'
import { icon } from '../icons'
import type { TilesMap } from '../map/tiles_map'
import { say } from '../wording'

export type ToolName = 'loupe' | 'length' | 'area'
type ViewName = 'permit' | 'full'

export class MapTools {
  readonly body: HTMLElement
  private readonly buttons: HTMLButtonElement[]

  constructor(map: TilesMap, acts: Record<ToolName, () => void>) {
    this.buttons = (Object.keys(acts) as ToolName[]).map((name) => {
      const made = button(name, acts[name])
      made.append(el('span', {}, say(`map.tool.${name}`)))
      return made
    })
    const label = say('map.tools')
    this.body = el('div', { class: 'tools', role: 'group', 'aria-label': label }, ...this.buttons)
    for (const name of ['length', 'area'] as const)
      map.tools.onChange((held) => this.press(name, held === name))
    for (const name of Object.keys(acts) as ToolName[]) this.press(name, false)
  }

  press(name: ToolName, isPressed: boolean): void {
    const found = this.buttons.find((one) => one.dataset.tool === name)
    found?.setAttribute('aria-pressed', String(isPressed))
  }
}

/** Beside those that enlarge, on the map: what else changes the view of it. */
export function mapViews(map: TilesMap, whole: HTMLElement): HTMLElement {
  const full = button('full', () => void fullScreen(whole))
  full.hidden = !document.fullscreenEnabled
  const buttons = [button('permit', () => map.zoomToPermit()), full]
  for (const one of buttons) one.setAttribute('aria-label', one.title)
  return el('div', { class: 'views' }, ...buttons)
}

function button(name: ToolName | ViewName, onclick: () => void): HTMLButtonElement {
  const title = say(`map.tool_about.${name}`)
  return el('button', { type: 'button', 'data-tool': name, title, onclick }, icon(name))
}

async function fullScreen(whole: HTMLElement): Promise<void> {
  if (document.fullscreenElement === null) await whole.requestFullscreen()
  else await document.exitFullscreen()
}
