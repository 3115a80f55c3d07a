/** An outline that is drawn on the map, and saved: an edit of a finding, or one that is added. */

import { el, fill } from '../dom'
import { ground } from '../format'
import { askBeforeLeaving } from '../leaving'
import type { Drawn } from '../map/corners'
import type { Drawing } from '../map/drawing'
import { notice, told } from '../notice'
import { newKey, Problem } from '../service/api'
import { addFinding } from '../service/findings'
import { type Finding, type Outline, speakOf } from '../service/reviews'
import { isSure } from '../sure'
import { say } from '../wording'
import type { Desk } from './desk'
import { type Draft, draftOf, dropDraft, keepDraft } from './draft'
import { DrawingPart } from './drawing_part'
import { hearDrawing } from './keys'
import type { Look } from './map_part'
import { OutlineForm } from './outline_form'

/** Somebody else was there before: the page is not what the service knows. */
const CONFLICT = 409

interface UnderWay {
  /** What is edited; null where a finding is added. */
  of: Finding | null
  /** How many words on it the drawing follows. */
  follows: number
  drawing: Drawing
  part: DrawingPart
  form: OutlineForm
}

export class Outlining {
  readonly body = el('section', { class: 'outlining', hidden: true })
  private readonly trouble = el('div')
  private now: UnderWay | null = null
  private isBeginning = false
  private hears: Look | null = null
  /** The same sent again, because no answer came, is carried out once. */
  private sent = { body: '', key: '' }

  /** The drawing that was refused: one that is changed since may be right. */
  private refused: Drawn | null = null

  constructor(private readonly desk: Desk) {
    const map = () => desk.look?.map.place ?? null
    hearDrawing(() => this.now?.drawing ?? null, map, desk.left)
    desk.left.addEventListener('abort', () => askBeforeLeaving(null), { once: true })
  }

  get isOn(): boolean {
    return this.now !== null || this.isBeginning
  }

  /** Begins with the outline of a finding as it counts, or with nothing. */
  async begin(of: Finding | null, draft: Draft | null = null): Promise<void> {
    const { desk } = this
    const { look, known } = desk
    if (look === null || this.isOn) return
    this.isBeginning = true
    desk.list.tell('')
    try {
      const { Drawing } = await import('../map/drawing')
      if (desk.left.aborted) return
      const rings = of === null ? null : known.ringsOf(of)
      const drawing = new Drawing(look.map, rings, () => this.drawn())
      const goOn = () => this.hold(look, drawing)
      const counts = of === null ? null : known.counted(of).ground_class
      const form = new OutlineForm(
        counts,
        () => void this.save(),
        () => this.leave(),
      )
      const follows = of?.review?.sequence ?? 0
      this.now = {
        of,
        follows,
        drawing,
        part: new DrawingPart(drawing, goOn, (one) => known.tooFar(one)),
        form,
      }
      this.show(this.now)
      if (of !== null) look.original.show(known.statedOf(of)?.vertices ?? null)
      this.hear(look)
      this.hold(look, drawing)
      form.body.addEventListener('input', () => {
        this.forgive(null)
        this.keep()
      })
      if (draft === null) return
      form.goOn(draft.given)
      drawing.goOn(draft.drawn)
      fill(this.trouble, told('plain', say('outline.kept')))
    } finally {
      this.isBeginning = false
      desk.drawList()
    }
  }

  /** Goes on with what was not saved when the page was left. */
  async goOn(): Promise<void> {
    const { desk } = this
    const draft = draftOf(desk.done.id)
    if (draft === null || !desk.isOpen) return
    const of = desk.known.findings.find((one) => one.id === draft.of) ?? null
    if (of !== null) desk.choose(of.id)
    if (of !== null || draft.of === null) await this.begin(of, draft)
  }

  private drawn(): void {
    this.now?.part.draw()
    this.forgive(this.now?.drawing.state ?? null)
    this.keep()
  }

  /** What was wrong with the drawing, or what was said of it, is over once that is another. */
  private forgive(state: Drawn | null): void {
    if (this.refused === null || this.refused === state) return
    this.refused = null
    fill(this.trouble)
  }

  /** From the first change on it is kept, and asked for before it is left. */
  private keep(): void {
    const { now, desk } = this
    if (now === null || !now.drawing.isChanged || desk.left.aborted) return
    const { of, drawing, form } = now
    keepDraft(desk.done.id, { of: of?.id ?? null, drawn: drawing.state, given: form.given })
    askBeforeLeaving(() =>
      isSure(say('outline.leave'), say('outline.leave_it'), { stay: say('outline.go_on') }),
    )
  }

  private show({ of, part, form }: UnderWay): void {
    const title = of === null ? say('outline.add') : say('outline.edit', { code: of.code })
    fill(this.trouble)
    fill(this.body, el('h3', {}, title), part.body, this.trouble, form.body)
    this.body.hidden = false
  }

  private hold(look: Look, drawing: Drawing): void {
    look.map.tools.hold(drawing)
    look.map.place.focus()
  }

  /** Another tool may be taken in hand meanwhile: what was drawn stays. */
  private hear(look: Look): void {
    if (this.hears === look) return
    this.hears = look
    look.map.tools.onChange(() => this.now?.part.draw())
  }

  private async save(): Promise<void> {
    const { now, desk } = this
    if (now === null) return
    const { rings } = now.drawing
    fill(this.trouble)
    if (rings === null) {
      this.refused = now.drawing.state
      fill(this.trouble, told('bad', say('outline.not_closed'), say('outline.how_to_close')))
      return
    }
    now.form.busy(true)
    try {
      const outline: Outline = { type: 'MultiPolygon', coordinates: rings }
      const saved = await desk.inTurn(() => this.send(now, outline))
      this.leave()
      await desk.saved(saved.id, this.words(saved))
    } catch (error) {
      // The drawing stays, and beside it what is wrong.
      if (desk.left.aborted) return
      this.refused = now.drawing.state
      fill(this.trouble, notice(error))
      this.mark(now.drawing, error)
      this.trouble.scrollIntoView({ block: 'nearest' })
      if (error instanceof Problem && error.status === CONFLICT) await this.readAgain(now)
    } finally {
      now.form.busy(false)
    }
  }

  /** Shows what somebody else said meanwhile: saved again, the drawing follows that. */
  private async readAgain(now: UnderWay): Promise<void> {
    const { known } = this.desk
    await this.desk.readAgain()
    const word = known.findings.find((one) => one.id === now.of?.id)?.review ?? null
    if (word === null || word.sequence === now.follows) return
    now.follows = word.sequence
    this.trouble.append(el('p', {}, this.desk.list.wordTold(word)))
  }

  private async send({ of, follows, form }: UnderWay, outline: Outline): Promise<Finding> {
    const { known, done } = this.desk
    const { ground_class, epoch, note } = form.given
    if (of === null) {
      const seen = { outline, ground_class, epoch, note }
      const { document, ...added } = await addFinding(done.id, seen, this.keyOf(seen))
      known.add(added, document)
      return added
    }
    const said = { outcome: 'edited', outline, ground_class, note } as const
    const word = await speakOf(of.id, said, follows, this.keyOf({ of: of.id, said, follows }))
    return known.said(of.id, word) ?? of
  }

  /** Shows on the map where it is wrong, if the service names a place. */
  private mark(drawing: Drawing, error: unknown): void {
    const where = error instanceof Problem ? error.where : null
    const place = where?.split(', ').map(Number) ?? []
    if (where === null || place.length !== 2 || !place.every(Number.isFinite)) return
    drawing.mark(place)
    this.trouble.append(el('p', {}, say('outline.at', { where })))
  }

  private keyOf(asked: object): string {
    const body = JSON.stringify(asked)
    if (body !== this.sent.body) this.sent = { body, key: newKey() }
    return this.sent.key
  }

  private words(saved: Finding): string {
    const { known, open } = this.desk
    const values = known.valuesOf(saved)
    const size = values === undefined ? '' : ground(values.area_m2, values.area_uncertainty_m2)
    const key = saved.review?.outcome === 'edited' ? 'outline.edited' : 'outline.added'
    return say(key, { code: saved.code, size, open })
  }

  private leave(): void {
    this.now?.drawing.drop()
    dropDraft(this.desk.done.id)
    askBeforeLeaving(null)
    this.now = null
    this.body.hidden = true
    fill(this.body)
    this.desk.drawList()
    this.desk.list.body.focus()
  }
}
