/** What a reviewer does with an objection: learns how to reach the person, and answers. */

import { el, fill } from '../dom'
import { notice, told } from '../notice'
import { drafted } from '../public/draft'
import { ask, newKey } from '../service/api'
import { type AnswerOutcome, LEAST_WORDS, MOST_WORDS, type Objection } from '../service/public'
import { hasRole, whoever } from '../service/session'
import { isSure } from '../sure'
import { say } from '../wording'

const OUTCOMES: AnswerOutcome[] = ['upheld', 'partly', 'dismissed']

export class AnswerPart {
  readonly contact = el('div', { class: 'contact' })
  readonly form = el('div', {})

  constructor(
    private readonly objection: Objection,
    private readonly onAnswered: (now: Objection) => void,
  ) {
    if (!hasRole('reviewer')) {
      fill(this.form, el('p', { class: 'aside' }, say('objections.reviewers_answer')))
      return
    }
    this.offerContact()
    this.offerForm()
  }

  private offerContact(trouble: Node | null = null): void {
    if (!this.objection.has_contact) {
      fill(this.contact, el('p', { class: 'aside' }, say('objections.no_contact')))
      return
    }
    const read = el('button', { type: 'button', onclick: () => void this.readContact() })
    read.textContent = say('objections.read_contact')
    fill(this.contact, trouble, read, el('p', { class: 'aside' }, say('objections.contact_hint')))
  }

  private async readContact(): Promise<void> {
    try {
      const path = `/objections/${this.objection.id}/contact`
      const { contact } = await ask<{ contact: string | null }>(path)
      fill(
        this.contact,
        el('p', {}, `${say('objections.contact')}: `, el('strong', {}, contact ?? '–')),
        el('p', { class: 'aside', role: 'status' }, say('objections.contact_read')),
      )
    } catch (error) {
      this.offerContact(notice(error))
    }
  }

  private offerForm(): void {
    const said = el('div', {})
    const text = el('textarea', {
      name: 'text',
      rows: 5,
      required: true,
      minlength: LEAST_WORDS,
      maxlength: MOST_WORDS,
    })
    const choices = OUTCOMES.map((outcome) =>
      el(
        'label',
        { class: 'choice' },
        el('input', { type: 'radio', name: 'outcome', value: outcome, required: true }),
        el('span', {}, say(`objection.outcome.${outcome}`)),
      ),
    )
    const send = el('button', { class: 'main' }, say('objections.send'))
    let once = newKey()
    const answer = async (event: Event): Promise<void> => {
      event.preventDefault()
      const form = event.target as HTMLFormElement
      const outcome = new FormData(form).get('outcome') as AnswerOutcome
      const body = { outcome, text: text.value }
      const about = [el('p', {}, say('objections.sure_hint'))]
      if (
        !(await isSure(say(`objection.outcome.${outcome}`), say('objections.send'), {
          stay: say('ask.cancel'),
          about,
        }))
      )
        return
      send.disabled = true
      try {
        const path = `/objections/${this.objection.id}/answers`
        this.onAnswered(await ask<Objection>(path, { method: 'POST', body, once }))
        form.reset()
        forget()
        once = newKey()
        fill(said, told('good', say('objections.sent'), say('objections.sent_hint')))
      } catch (error) {
        fill(said, notice(error))
      } finally {
        send.disabled = false
      }
    }
    const form = el(
      'form',
      { onsubmit: (event) => void answer(event) },
      el('fieldset', { class: 'choices' }, el('legend', {}, say('objections.outcome')), ...choices),
      el('label', {}, say('objections.text'), text),
      el('p', { class: 'aside' }, say('objections.text_hint')),
      send,
    )
    // Another person who signs in on this device finds nothing of it.
    const name = `answer.${this.objection.id}.${whoever()?.login}`
    const forget = drafted(form, name, ['outcome', 'text'])
    fill(this.form, said, form)
  }
}
