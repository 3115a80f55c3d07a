/** The menu by role: one line on a desk; on a telephone behind a button that names the page. */

import { el } from './dom'
import { icon } from './icons'
import { ENTRIES, type Entry, isFor } from './pages'
import { whoever } from './service/session'
import { say } from './wording'

/** A telephone, or a window as narrow as one. */
export const NARROW = matchMedia('(max-width: 48rem)')

/** What stands in the bar beside the name; `who` is the person, with the way out. */
export function menu(entry: Entry | undefined, who: HTMLElement): HTMLElement[] {
  const me = whoever()
  const above = entry?.under?.(me?.roles ?? [])
  const link = (one: Entry) => {
    const here = one === entry ? 'page' : one.name === above && 'true'
    return el('a', { href: `#/${one.name}`, 'aria-current': here }, say(one.label))
  }
  const isListed = (one: Entry) => (me === null ? one.isForCitizens : one.isInMenu && isFor(one))
  // Who works here opens the public's pages less often.
  const isInDrawer = (one: Entry) => me !== null && (one.isOffice || one.isForCitizens)
  const shown = ENTRIES.filter(isListed)
  const links = shown.filter((one) => !isInDrawer(one)).map(link)
  const others = shown.filter(isInDrawer)
  // Citizens have few pages, and find them at once.
  if (me !== null && NARROW.matches)
    return folded(
      entry,
      links,
      [
        [othersName(), others.filter((one) => !one.isForCitizens).map(link)],
        [say('app.public'), others.filter((one) => one.isForCitizens).map(link)],
      ],
      who,
    )
  const isHere = entry !== undefined && others.includes(entry)
  const name = others.some((one) => one.isOffice) ? othersName() : say('app.more')
  const bar = pages(links, others.length > 0 && [drawer(name, others.map(link), isHere)])
  return [bar, who]
}

function pages(links: HTMLElement[], others: HTMLElement[] | false): HTMLElement {
  return el(
    'nav',
    { 'aria-label': say('app.menu') },
    el('div', { class: 'links' }, ...links),
    ...(others || []),
  )
}

/** Pages that are opened less often, behind one word; it closes when one of them is chosen or left. */
function drawer(name: string, links: HTMLElement[], isHere: boolean): HTMLElement {
  const word = el('summary', { class: isHere && 'here' }, name)
  const drawn = el('details', { class: 'drawer' }, word, el('div', {}, ...links))
  drawn.addEventListener('focusout', (event) => {
    if (!drawn.contains(event.relatedTarget as Node | null)) drawn.open = false
  })
  drawn.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !drawn.open) return
    drawn.open = false
    word.focus()
  })
  return drawn
}

/** What the pages are called that are opened less often: who stands above the offices has none. */
function othersName(): string {
  return say(whoever()?.roles.includes('central_admin') ? 'app.more' : 'app.office')
}

/** All of it over the page and not above it, so that nothing moves; who leaves it closes it. */
function folded(
  entry: Entry | undefined,
  links: HTMLElement[],
  others: [string, HTMLElement[]][],
  who: HTMLElement,
): HTMLElement[] {
  const here = entry === undefined ? say('absent.title') : say(entry.label)
  const groups = others
    .filter(([, some]) => some.length > 0)
    .map(([name, some]) =>
      el(
        'div',
        { role: 'group', 'aria-label': name },
        el('p', { class: 'title' }, name),
        el('div', { class: 'links' }, ...some),
      ),
    )
  const panel = el('div', { class: 'panel-of-menu', id: 'menu', hidden: true })
  panel.append(pages(links, groups), who)
  const button = el(
    'button',
    {
      type: 'button',
      class: 'plain opener',
      'aria-label': `${say('app.menu')}: ${here}`,
      'aria-controls': 'menu',
      'aria-expanded': 'false',
      onclick: () => turn(panel.hidden === true),
    },
    el('span', {}, here),
    icon('menu'),
  )
  const both = el('div', { class: 'folded' }, button, panel)
  let open = new AbortController()

  function turn(isOpen: boolean): void {
    panel.hidden = !isOpen
    button.setAttribute('aria-expanded', String(isOpen))
    open.abort()
    open = new AbortController()
    if (!isOpen) return
    const { signal } = open
    const isAway = (to: EventTarget | null) => !both.contains(to as Node | null)
    addEventListener('pointerdown', (event) => isAway(event.target) && turn(false), { signal })
    both.addEventListener(
      'focusout',
      // A tap on what takes no focus is told by the pointer.
      ({ relatedTarget: to }) => to !== null && isAway(to) && turn(false),
      { signal },
    )
    // Also where it is the page that is shown already.
    panel.addEventListener(
      'click',
      ({ target }) => target instanceof HTMLAnchorElement && turn(false),
      { signal },
    )
    both.addEventListener(
      'keydown',
      ({ key }) => {
        if (key !== 'Escape') return
        turn(false)
        button.focus()
      },
      { signal },
    )
  }

  return [both]
}
