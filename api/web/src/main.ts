/** Begins: the language, who is signed in, and the page that the address names. */

import { mayLeave } from './leaving'
import { address, ENTRIES } from './pages'
import { tellPrinter } from './print'
import { askAhead, onStranger } from './service/api'
import { forget, restore, whoever } from './service/session'
import { Shell } from './shell'
import { preferred, speak } from './wording'

async function begin(): Promise<void> {
  // All at once: over a bad line each thing that waits for another costs half a second.
  let isKnown = true
  const known = restore().catch(() => {
    isKnown = false // asked again when there are words to tell what is wrong
  })
  fetchAhead()
  await speak(preferred())
  const shell = new Shell(document.body)
  onStranger(() => {
    // Asked many times at once, it is told once.
    if (whoever() === null) return
    forget()
    void shell.show({ ended: true })
  })
  tellPrinter()
  window.addEventListener('hashchange', (event) => {
    void mayLeave(event).then((may) => (may ? shell.show() : undefined))
  })
  await known
  await (isKnown ? shell.show() : shell.enter())
}

/** The code of the page that the address names, and what it is sure to ask for. */
function fetchAhead(): void {
  const entry = ENTRIES.find((one) => one.name === address()[0])
  const code: Promise<unknown> = entry?.load() ?? import('./pages/sign_in')
  code.catch(() => {
    // Asked for again when it is shown, and told then.
  })
  if (entry?.ahead !== undefined) askAhead(entry.ahead)
}

void begin()
