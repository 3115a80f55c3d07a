/** The five answers, before anything else. */

import { el } from '../dom'
import { type Document, QUESTIONS } from '../service/reviews'
import { language, say } from '../wording'

const KINDS = { pass: 'good', fail: 'bad', uncertain: 'doubt', not_applicable: '' }

export function answersPart(document: Document): HTMLElement {
  const lang = document.language === language() ? null : document.language
  const items = QUESTIONS.map((question) => {
    const { sentence, verdict } = document.answers[question]
    return el(
      'li',
      {},
      el('strong', {}, say(`answers.${question}`)),
      el('span', { class: `tag ${KINDS[verdict]}` }, say(`verdict.${verdict}`)),
      el('span', { class: 'said', lang }, sentence),
    )
  })
  return el(
    'section',
    { class: 'card' },
    el('h2', {}, say('answers.title')),
    el('ul', { class: 'answers' }, ...items),
  )
}
