/** What is said of an outline: what is seen there, since when, and why. */

import { el } from '../dom'
import { COLOURS } from '../map/signs'
import type { Epoch, GroundClass } from '../service/reviews'
import { say } from '../wording'

const CLASSES = Object.keys(COLOURS) as GroundClass[]
const EPOCHS: Epoch[] = ['new', 'standing', 'recovered']
const MOST = 2000

export interface Given {
  ground_class: GroundClass
  epoch: Epoch
  note: string
}

export class OutlineForm {
  readonly body: HTMLFormElement
  private readonly kind = el('select', { name: 'class', required: true })
  private readonly epoch = el('select', { name: 'epoch', required: true })
  private readonly note: HTMLTextAreaElement
  private readonly save = el('button', { class: 'main' })

  /** Of a finding that is edited: as which class it counts; of one that is added: null. */
  constructor(counts: GroundClass | null, save: () => void, cancel: () => void) {
    const isNew = counts === null
    this.note = el('textarea', { name: 'note', rows: 2, maxlength: MOST, required: isNew })
    if (isNew) this.kind.append(el('option', { value: '' }, say('outline.choose_class')))
    for (const one of CLASSES)
      this.kind.append(el('option', { value: one, selected: one === counts }, say(`ground.${one}`)))
    for (const one of EPOCHS) this.epoch.append(el('option', { value: one }, say(`epoch.${one}`)))
    const sends = (event: Event) => {
      event.preventDefault()
      save()
    }
    this.body = el(
      'form',
      { onsubmit: sends },
      el('label', {}, say('outline.class'), this.kind),
      isNew ? el('label', {}, say('outline.epoch'), this.epoch) : null,
      el('label', {}, say(isNew ? 'outline.why' : 'review.note'), this.note),
      el(
        'div',
        { class: 'line' },
        this.save,
        el('button', { type: 'button', onclick: cancel }, say('review.cancel')),
      ),
    )
    this.busy(false)
  }

  get given(): Given {
    return {
      ground_class: this.kind.value as GroundClass,
      epoch: this.epoch.value as Epoch,
      note: this.note.value.trim(),
    }
  }

  /** Says what was said before the page was left. */
  goOn({ ground_class, epoch, note }: Given): void {
    this.kind.value = ground_class
    this.epoch.value = epoch
    this.note.value = note
  }

  busy(isBusy: boolean): void {
    this.save.disabled = isBusy
    this.save.textContent = say(isBusy ? 'outline.measuring' : 'outline.save')
  }
}
