/** Begins: the language, who is signed in, and the page that the address names. */

import { tellPrinter } from './print'
import { onStranger } from './service/api'
import { forget, restore, whoever } from './service/session'
import { Shell } from './shell'
import { preferred, speak } from './wording'

async function begin(): Promise<void> {
  await speak(preferred())
  const shell = new Shell(document.body)
  onStranger(() => {
    // Asked many times at once, it is told once.
    if (whoever() === null) return
    forget()
    void shell.show({ ended: true })
  })
  tellPrinter()
  window.addEventListener('hashchange', () => void shell.show())
  try {
    await restore()
  } catch {
    // Without a connection there is still a page: what it asks for tells what is wrong.
  }
  await shell.show()
}

void begin()
