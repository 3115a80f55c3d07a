/** For anybody: whether a report is genuine, by its file, its paper, or the code printed in it. */

import '../styles/upload.css'
import '../styles/public.css'
import { el, fill } from '../dom'
import { dropZone } from '../drop_zone'
import { bytes, percent } from '../format'
import { notice, told } from '../notice'
import type { Page, Visit } from '../pages'
import { CameraPart } from '../public/camera_part'
import { judgementCard } from '../public/judgement'
import { markIn, qrInPhoto, UnreadablePictureError } from '../public/reading_qr'
import { ask, isAbsent } from '../service/api'
import { type Judgement, judgedPaper, MOST_BYTES } from '../service/public'
import { hashed } from '../upload/hashing'
import { type Language, language, say } from '../wording'

/** What was given last, and what was said of it in each language, while the page stays. */
let kept: { file: File; judged: Map<Language, Judgement> } | null = null

export async function show({ rest, left }: Visit): Promise<Page> {
  const mark = rest[0] ?? ''
  forgetElsewhere(left)
  const answer = el('div', { 'aria-live': 'polite' })
  const given = new Given(answer, left)
  const camera = new CameraPart(goTo, left)
  if (kept !== null) void given.takeAgain(kept.file)
  else if (mark !== '') await given.byMark(mark)
  const ways = [
    el('h1', {}, say('verify.title')),
    el('p', { class: 'lead' }, say('verify.lead')),
    answer,
    el(
      'section',
      { class: 'card' },
      el('h2', {}, say('verify.by_file')),
      given.chooser(),
      el('p', { class: 'aside' }, say('verify.by_file_hint', { most: bytes(MOST_BYTES) })),
    ),
    el(
      'section',
      { class: 'card' },
      el('h2', {}, say('verify.by_paper')),
      el('p', { class: 'aside' }, say('verify.by_paper_hint')),
      camera.body,
      given.photo(),
    ),
    el('section', { class: 'card' }, el('h2', {}, say('verify.by_code')), given.codeForm(mark)),
  ]
  return { title: say('verify.title'), body: ways }
}

/** The same page in another language judges the same file; any other page knows nothing of it. */
function forgetElsewhere(left: AbortSignal): void {
  const address = location.hash
  const forget = () => {
    if (location.hash !== address) kept = null
  }
  left.addEventListener('abort', forget, { once: true })
}

function goTo(mark: string): void {
  location.hash = `#/verify/${encodeURIComponent(mark)}`
}

/** What somebody gives to be verified, and what is said of it. */
class Given {
  private round = new AbortController()
  private readonly field = el('input', {
    name: 'mark',
    required: true,
    minlength: 16,
    maxlength: 100,
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    placeholder: 'A1B2-C3D4-E5F6-7890',
    oninput: () => this.forget(),
  })

  constructor(
    private readonly answer: HTMLElement,
    private readonly left: AbortSignal,
  ) {}

  async byMark(mark: string): Promise<void> {
    const path = `/verifications/${encodeURIComponent(mark)}`
    try {
      this.say(judgementCard(await ask<Judgement>(path, { signal: this.left }), 'code'))
    } catch (error) {
      const isNone = isAbsent(error)
      this.say(
        isNone ? told('bad', say('verify.no_code'), say('verify.check_code')) : notice(error),
      )
    }
  }

  chooser(): HTMLElement {
    const input = el('input', { type: 'file', id: 'paper', accept: 'application/pdf,image/*' })
    const words = [
      el('strong', {}, say('verify.choose')),
      el('span', { class: 'aside' }, say('verify.choose_hint')),
    ]
    const drop = dropZone(input, words, (files) => void this.take(files[0]))
    return el('div', {}, input, drop)
  }

  /** For browsers without a camera of their own: the device takes a photo and gives it here. */
  photo(): HTMLElement {
    const input = el('input', {
      type: 'file',
      id: 'photo',
      class: 'unseen',
      accept: 'image/*',
      capture: 'environment',
    })
    input.addEventListener('change', () => {
      void this.take(input.files?.[0])
      input.value = ''
    })
    return el('div', {}, input, el('label', { for: 'photo', class: 'button' }, say('verify.photo')))
  }

  private async take(file: File | undefined): Promise<void> {
    if (file === undefined) return
    // A code that was typed before is of another report.
    this.field.value = this.field.defaultValue
    kept = { file, judged: new Map() }
    await this.takeAgain(file)
  }

  async takeAgain(file: File): Promise<void> {
    this.round.abort()
    this.round = new AbortController()
    const signal = AbortSignal.any([this.round.signal, this.left])
    try {
      if (file.type.startsWith('image/')) await this.takePhoto(file)
      else await this.takePaper(file, signal)
    } catch (error) {
      if (!signal.aborted) this.say(notice(error))
    }
    if (!signal.aborted) this.answer.scrollIntoView({ block: 'start' })
  }

  private async takePhoto(file: File): Promise<void> {
    this.say(told('plain', say('verify.reading')))
    let text: string | null
    try {
      text = await qrInPhoto(file)
    } catch (error) {
      if (!(error instanceof UnreadablePictureError)) throw error
      this.say(told('bad', say('verify.no_picture'), say('verify.no_qr_hint')))
      return
    }
    const mark = text === null ? null : markIn(text)
    if (mark !== null) goTo(mark)
    else {
      const why = text === null ? say('verify.no_qr') : say('verify.foreign_qr')
      this.say(told('bad', why, say('verify.no_qr_hint')))
    }
  }

  private async takePaper(file: File, signal: AbortSignal): Promise<void> {
    const told = language()
    const before = kept?.judged.get(told)
    const judged = before ?? (await this.judged(file, signal))
    if (judged === null) return
    kept?.judged.set(told, judged)
    this.say(judgementCard(judged, 'file'))
  }

  private async judged(file: File, signal: AbortSignal): Promise<Judgement | null> {
    if (file.size > MOST_BYTES) {
      const facts = { size: bytes(file.size), most: bytes(MOST_BYTES) }
      this.say(told('bad', say('verify.too_large', facts), say('verify.too_large_hint')))
      return null
    }
    const bar = el('progress', { max: 1, value: 0, 'aria-label': say('verify.sending') })
    const words = el('p', {}, say('verify.reading'))
    this.say(el('div', { class: 'card', role: 'status' }, words, bar))
    // A report as the office gave it is known by its hash: nothing has to be sent.
    const sha256 = await hashed(
      file,
      (read) => bar.setAttribute('value', `${read / file.size}`),
      signal,
    )
    const known = await ask<Judgement>(`/verifications/${sha256}`, { signal })
    if (known.report !== null) return known
    const sent = (share: number) => {
      bar.setAttribute('value', String(share))
      const sending = say('verify.sent', { share: percent(share), size: bytes(file.size) })
      fill(words, share < 1 ? sending : say('verify.judging'))
      if (share >= 1) bar.removeAttribute('value')
    }
    this.say(el('div', { class: 'card', role: 'status' }, words, bar))
    return await judgedPaper(file, sent, signal)
  }

  /** What was said of another report goes away as soon as a code is typed. */
  codeForm(mark: string): HTMLFormElement {
    const { field } = this
    field.defaultValue = mark
    const look = (event: Event) => {
      event.preventDefault()
      const typed = field.value.trim()
      // The address of the page may name it already, and then tells of no change.
      if (typed === mark) {
        this.forget()
        void this.byMark(typed)
      } else goTo(typed)
    }
    return el(
      'form',
      { class: 'line', onsubmit: look },
      el('label', {}, say('verify.code_printed'), field),
      el('button', {}, say('verify.look')),
    )
  }

  private forget(): void {
    kept = null
    this.round.abort()
    fill(this.answer)
  }

  private say(said: Node): void {
    if (!this.left.aborted) fill(this.answer, said)
  }
}
