/** The tools of the map, as buttons with a drawing, a word and a longer explanation. */

import { el } from '../dom'
import { type IconName, icon } from '../icons'
import type { TilesMap } from '../map/tiles_map'
import { say } from '../wording'

export function mapTools(map: TilesMap, whole: HTMLElement): HTMLElement {
  const full = button('full', () => void fullScreen(whole))
  full.hidden = !document.fullscreenEnabled
  return el(
    'div',
    { class: 'tools', role: 'group', 'aria-label': say('map.tools') },
    button('permit', () => map.zoomToPermit()),
    full,
  )
}

function button(name: IconName & ('permit' | 'full'), act: () => void): HTMLButtonElement {
  return el(
    'button',
    { type: 'button', 'data-tool': name, title: say(`map.tool_about.${name}`), onclick: act },
    icon(name),
    el('span', {}, say(`map.tool.${name}`)),
  )
}

async function fullScreen(whole: HTMLElement): Promise<void> {
  if (document.fullscreenElement === null) await whole.requestFullscreen()
  else await document.exitFullscreen()
}
