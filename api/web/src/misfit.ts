/** What of a request does not fit, in words: the field as its form calls it, and the rule. */

import { el } from './dom'
import type { Misfit, Problem } from './service/api'
import { has, type Key, say } from './wording'

/** How the pages say what is wrong with a value; the service names it as its checks do. */
const RULES: [RegExp, Key][] = [
  [/^missing$/, 'misfit.missing'],
  [/too_(long|short)$/, 'misfit.length'],
  [/^(greater|less)_than|^finite/, 'misfit.range'],
  [/^(enum|literal)/, 'misfit.choice'],
  [/^uuid/, 'misfit.id'],
  [/^date/, 'misfit.day'],
]

/** The fields that do not fit, as a list; null where none is named. */
export function misfits(problem: Problem): HTMLElement | null {
  const lines = problem.places.map((one) => `${labelOf(nameOf(one))}: ${ruleOf(one)}`)
  if (lines.length === 0) return null
  return el('ul', {}, ...[...new Set(lines)].map((line) => el('li', {}, line)))
}

/** Marks the fields of a form that do not fit, and goes to the first of them. */
export function mark(form: HTMLFormElement, problem: Problem | null): void {
  for (const one of form.querySelectorAll('[aria-invalid]')) one.removeAttribute('aria-invalid')
  const names = new Set(problem?.places.map(nameOf))
  const wrong = [...form.elements].filter((one) => names.has(one.getAttribute('name') ?? ''))
  for (const one of wrong) one.setAttribute('aria-invalid', 'true')
  if (wrong[0] instanceof HTMLElement) wrong[0].focus()
}

/** Of body.days.3.name it is the name; numbers only count. */
function nameOf({ where }: Misfit): string {
  const parts = where.split('.').filter((part) => !/^\d+$/.test(part))
  return parts.findLast((part) => has(`field.${part}`)) ?? parts.at(-1) ?? where
}

function labelOf(name: string): string {
  return has(`field.${name}`) ? say(`field.${name}` as Key) : name
}

function ruleOf({ where, reason }: Misfit): string {
  const own = `misfit.of.${nameOf({ where, reason })}`
  if (reason !== 'missing' && has(own)) return say(own as Key)
  return say(RULES.find(([kind]) => kind.test(reason))?.[1] ?? 'misfit.form')
}
