/** What stands around every page: the name, the menu by role, the language, and who is signed in. */

import { el, fill } from './dom'
import { halfWritten, putBack } from './half_written'
import markUrl from './mark.svg'
import { menu, NARROW } from './menu'
import { notice } from './notice'
import { address, ENTRIES, type Entry, home, isFor, type Page } from './pages'
import { isAbsent } from './service/api'
import { restore, signOut, whoever } from './service/session'
import { choose, LANGUAGES, type Language, language, say } from './wording'

export class Shell {
  private readonly header = el('header', { class: 'bar' })
  private readonly main = el('main', { id: 'page', tabindex: -1 })
  private readonly skip = el('a', { class: 'skip', href: '#page', onclick: this.jump.bind(this) })
  private readonly footer = el('footer', { class: 'foot' })
  private leaving = new AbortController()
  private entry: Entry | undefined

  constructor(private readonly root: HTMLElement) {
    fill(this.root, this.skip, this.header, this.main, this.footer)
    // A telephone that is turned may be wide enough for the whole line.
    NARROW.addEventListener('change', () => this.furnish(this.entry))
  }

  /** Learns who is there, and shows the page; without a connection it says so, and asks again. */
  async enter(): Promise<void> {
    try {
      await restore()
    } catch (error) {
      this.leaving.abort()
      this.leaving = new AbortController()
      this.tell(error, () => this.enter())
      return
    }
    await this.show()
  }

  /** Shows the page that the address names. */
  async show(told: { ended?: boolean } = {}): Promise<void> {
    this.leaving.abort()
    this.leaving = new AbortController()
    const visit = this.leaving.signal
    // A question belongs to the page that asked it.
    for (const one of document.querySelectorAll('dialog')) one.close()
    const [name, ...rest] = address()
    const me = whoever()
    if (me !== null && name === undefined) {
      location.replace(`#/${home(me.roles)}`)
      return
    }
    const entry = ENTRIES.find((one) => one.name === name)
    // It would jump about below a page that is still growing.
    this.footer.hidden = true
    // What is done on the page before would be told there, where nobody looks any more.
    this.main.inert = true
    this.furnish(entry)
    try {
      const page = await this.page(entry, rest, visit, told.ended ?? false)
      if (visit.aborted) return
      document.title = `${page.title} · Tinjau`
      fill(this.main, ...page.body)
      this.main.inert = false
      window.scrollTo(0, 0)
      // Whoever opened the menu meanwhile keeps it.
      if (!this.header.contains(document.activeElement)) this.main.focus({ preventScroll: true })
    } catch (error) {
      if (!visit.aborted) this.tell(error, () => this.show())
    }
    if (!visit.aborted) this.footer.hidden = false
  }

  /** What is wrong instead of the page; when the network is back it is asked for by itself. */
  private tell(error: unknown, again: () => Promise<void>): void {
    const { signal } = this.leaving
    const button = el(
      'button',
      { type: 'button', onclick: () => void again() },
      say('trouble.again'),
    )
    fill(this.main, notice(error), button)
    this.main.inert = false
    this.main.focus({ preventScroll: true })
    addEventListener('online', () => void again(), { once: true, signal })
  }

  private async page(
    entry: Entry | undefined,
    rest: string[],
    left: AbortSignal,
    ended: boolean,
  ): Promise<Page> {
    const me = whoever()
    if (me === null && entry?.for !== 'anybody') {
      const { welcome } = await import('./pages/sign_in')
      return welcome({ ended, onSigned: () => void this.show() })
    }
    if (entry === undefined || !isFor(entry)) {
      return absent()
    }
    const { show } = await entry.load()
    try {
      return await show({ rest, left })
    } catch (error) {
      if (isAbsent(error)) return absent()
      throw error
    }
  }

  private furnish(entry: Entry | undefined): void {
    const me = whoever()
    this.entry = entry
    this.skip.textContent = say('app.skip')
    const away = el('button', { type: 'button', class: 'plain', onclick: () => void this.leave() })
    away.textContent = say('session.sign_out')
    const who = el(
      'div',
      { class: 'who' },
      me !== null && el('span', {}, me.name),
      me !== null && away,
      me === null && this.languages(),
    )
    fill(
      this.header,
      el(
        'a',
        { class: 'name', href: '#/' },
        el('img', { src: markUrl, alt: '', width: 28, height: 28 }),
        'Tinjau',
      ),
      ...menu(entry, who),
    )
    // Citizens find it at once, whatever stands on the page.
    fill(this.footer, el('p', {}, say('app.purpose')), me !== null && this.languages())
  }

  private languages(): HTMLElement {
    const buttons = Object.entries(LANGUAGES).map(([code, name]) =>
      el(
        'button',
        {
          type: 'button',
          class: 'plain',
          lang: code,
          'aria-pressed': code === language() ? 'true' : 'false',
          onclick: () => void this.say(code as Language),
        },
        name,
      ),
    )
    return el(
      'div',
      { class: 'languages', role: 'group', 'aria-label': say('app.language') },
      ...buttons,
    )
  }

  /** The same page in another language, with what is written on it and not sent yet. */
  private async say(wanted: Language): Promise<void> {
    const written = halfWritten(this.main)
    await choose(wanted)
    await this.show()
    putBack(this.main, written, this.leaving.signal)
  }

  private async leave(): Promise<void> {
    try {
      await signOut()
      location.hash = '#/'
      await this.show()
    } catch (error) {
      fill(this.main, notice(error))
    }
  }

  private jump(event: Event): void {
    event.preventDefault()
    this.main.focus()
  }
}

function absent(): Page {
  const body = [el('h1', {}, say('absent.title')), el('p', {}, say('absent.hint'))]
  return { title: say('absent.title'), body }
}
