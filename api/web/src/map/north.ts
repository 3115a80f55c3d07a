/** Where north is: always up on these maps, and said so. */

import Control from 'ol/control/Control.js'
import { el } from '../dom'
import { icon } from '../icons'
import { say } from '../wording'

export function northArrow(): Control {
  const element = el(
    'div',
    { class: 'north', role: 'img', 'aria-label': say('map.north'), title: say('map.north') },
    icon('north'),
    el('span', { 'aria-hidden': 'true' }, say('map.north_letter')),
  )
  return new Control({ element })
}
