/** The five answers, before anything else, and what they call for. */

import { el } from '../dom'
import { languageName } from '../format'
import type { Sentence, Words } from '../service/findings'
import { type Document, QUESTIONS } from '../service/reviews'
import { language, say } from '../wording'

const KINDS = { pass: 'good', fail: 'bad', uncertain: 'doubt', not_applicable: '' }

export function answersPart(document: Document, words: Words, tally: HTMLElement): HTMLElement {
  const items = QUESTIONS.map((question) => {
    const { verdict, value } = document.answers[question]
    const isWithin = question === 'observed' && verdict === 'pass' && (value ?? 1) < 1
    return el(
      'li',
      {},
      el('strong', {}, say(`answers.${question}`)),
      el(
        'span',
        { class: `tag ${KINDS[verdict]}` },
        say(isWithin ? 'reply.observed.within' : `reply.${question}.${verdict}`),
      ),
      spoken('span', words.answers[question], 'said'),
    )
  })
  return el(
    'section',
    { class: 'card' },
    el('h2', {}, say('answers.title')),
    el('div', { class: 'result' }, el('ul', { class: 'answers' }, ...items), tally),
    el(
      'div',
      { class: 'foldeds' },
      more(say('answers.next', { count: words.next_steps.length }), words.next_steps),
      more(say('answers.warnings', { count: words.warnings.length }), words.warnings, 'noted'),
    ),
    reportLanguage(words),
  )
}

/** A sentence, marked for who has it read aloud where it is not in the reader's language. */
export function spoken<Tag extends 'li' | 'span'>(
  tag: Tag,
  sentence: Sentence,
  kind?: string,
): HTMLElement {
  const lang = sentence.language === language() ? null : sentence.language
  return el(tag, { class: kind, lang }, sentence.text)
}

function more(title: string, sentences: Sentence[], kind?: string): HTMLElement | null {
  if (sentences.length === 0) return null
  const items = sentences.map((one) => spoken('li', one))
  return el('details', { class: kind }, el('summary', {}, title), el('ul', {}, ...items))
}

function reportLanguage({ report_language }: Words): HTMLElement | null {
  if (report_language === language()) return null
  const words = say('answers.report_language', { language: languageName(report_language) })
  return el('p', { class: 'aside' }, words)
}
