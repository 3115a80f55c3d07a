/** What can be done while an outline is drawn, as buttons; and its corners in numbers. */

import { el, fill } from '../dom'
import { length } from '../format'
import { crosses, type Drawn } from '../map/corners'
import type { Drawing } from '../map/drawing'
import { told } from '../notice'
import { say } from '../wording'
import { type At, read, type TooFar, Unreadable, written } from './coordinates'
import { SimplifyPart } from './simplify_part'

type Act = 'put' | 'back' | 'next' | 'insert' | 'remove' | 'undo' | 'stretch' | 'turn' | 'close'
/** As `map/drawing.ts` takes them on the map. */
const KEYS: Record<Act, string> = {
  put: 'Enter',
  back: ',',
  next: '.',
  insert: 'i',
  remove: 'Del',
  undo: 'z',
  stretch: 's',
  turn: 'o',
  close: 'c',
}

export class DrawingPart {
  readonly body: HTMLElement
  private readonly how = el('p')
  private readonly state = el('p', { class: 'aside', role: 'status' })
  private readonly buttons: Record<Act, HTMLButtonElement>
  private readonly again: HTMLButtonElement
  private readonly text = el('textarea', { rows: 5, spellcheck: 'false', class: 'numbers' })
  private readonly trouble = el('div')
  private readonly crossing = el('div')
  /** The drawing as it was when the numbers were refused: another one ends that. */
  private refusedAt: Drawn | null = null
  private readonly simplify: SimplifyPart

  constructor(
    private readonly drawing: Drawing,
    goOn: () => void,
    private readonly tooFar: TooFar,
  ) {
    this.text.addEventListener('input', () => fill(this.trouble))
    this.buttons = {
      put: this.button('put', () => drawing.put()),
      back: this.button('back', () => drawing.step(-1)),
      next: this.button('next', () => drawing.step(1)),
      insert: this.button('insert', () => drawing.insert()),
      remove: this.button('remove', () => drawing.remove()),
      undo: this.button('undo', () => drawing.undo()),
      stretch: this.button('stretch', () => this.stretch()),
      turn: this.button('turn', () => drawing.turnStretch()),
      close: this.button('close', () => drawing.close()),
    }
    this.again = el(
      'button',
      { type: 'button', class: 'main', onclick: goOn },
      say('outline.go_on'),
    )
    const taken = () => this.take()
    this.simplify = new SimplifyPart(drawing)
    this.body = el(
      'div',
      {},
      this.how,
      this.state,
      this.crossing,
      el('div', { class: 'tools' }, ...Object.values(this.buttons), this.again),
      this.simplify.body,
      el(
        'details',
        {},
        el('summary', {}, say('outline.numbers')),
        el('label', {}, say('outline.numbers_how'), this.text),
        this.trouble,
        el('button', { type: 'button', onclick: taken }, say('outline.take')),
      ),
    )
    this.draw()
  }

  draw(): void {
    const { drawing, buttons } = this
    const { count, isClosed, isHeld, hasPicked, stretch } = drawing
    const way = stretch !== null ? 'stretch' : isClosed ? 'edit' : 'draw'
    const keys = el('span', { class: 'by_keys' }, ` ${say(`outline.keys_to.${way}`)}`)
    fill(this.how, say(`outline.how_to.${way}`), keys)
    fill(this.state, this.told())
    if (this.refusedAt !== drawing.state) fill(this.trouble)
    const isCrossed = crosses(drawing.state)
    if (isCrossed !== this.crossing.hasChildNodes())
      fill(
        this.crossing,
        isCrossed && told('doubt', say('outline.crosses'), say('outline.cross_how')),
      )
    buttons.put.disabled = !isHeld || (isClosed && !hasPicked && stretch === null)
    buttons.insert.disabled = !hasPicked
    buttons.remove.disabled = !hasPicked
    buttons.back.disabled = buttons.next.disabled = count === 0 || stretch !== null
    buttons.undo.disabled = !drawing.isChanged && stretch === null
    buttons.stretch.hidden = !isClosed
    buttons.stretch.setAttribute('aria-pressed', String(stretch !== null))
    buttons.turn.hidden = stretch === null
    buttons.turn.disabled = !stretch?.hasEnd
    buttons.close.hidden = isClosed && stretch === null
    buttons.close.disabled = stretch === null ? !drawing.canClose : stretch.whole === null
    fill(buttons.close, ...face('close', stretch === null ? 'close' : 'replace'))
    this.simplify.draw()
    this.again.hidden = isHeld
    const { rings } = drawing
    if (document.activeElement !== this.text && rings !== null) this.text.value = written(rings)
  }

  private told(): string {
    const { count, isClosed, stretch, hasMissed } = this.drawing
    if (stretch === null)
      return say(isClosed ? 'outline.state_closed' : 'outline.state_open', { count })
    if (hasMissed) return say('outline.stretch.missed')
    if (!stretch.hasStart) return say('outline.stretch.start')
    if (!stretch.hasEnd) return say('outline.stretch.end')
    return say('outline.stretch.line', { count: stretch.count })
  }

  private stretch(): void {
    if (this.drawing.stretch === null) this.drawing.beginStretch()
    else this.drawing.leaveStretch()
  }

  private take(): void {
    fill(this.trouble)
    try {
      this.drawing.take(read(this.text.value, this.tooFar))
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.refusedAt = this.drawing.state
      fill(this.trouble, told('bad', wordsOf(error), say('outline.numbers_how')))
    }
  }

  private button(act: Act, does: () => void): HTMLButtonElement {
    return el('button', { type: 'button', 'data-act': act, onclick: does }, ...face(act, act))
  }
}

function wordsOf({ why }: Unreadable): string {
  if (why.kind === 'geojson') return say('outline.no_geojson')
  if (why.kind === 'line') return say('outline.bad_line', { line: why.line })
  if (why.kind === 'few') return say('outline.too_few', { count: why.count })
  if (why.kind === 'degrees') return say('outline.no_degrees', { where: whereOf(why.at) })
  return say('outline.far', { where: whereOf(why.at), reach: length(why.metres) })
}

function whereOf({ line, corner }: At): string {
  return line === null ? say('outline.corner', { corner }) : say('outline.line', { line })
}

function face(act: Act, words: Act | 'replace'): [string, string, HTMLElement] {
  return [say(`outline.do.${words}`), ' ', el('kbd', {}, KEYS[act])]
}
