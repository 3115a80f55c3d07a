/** Every sentence a person reads, in the language that they chose. */

import type english from './en.json'

type Leaves<Part, Before extends string = ''> = {
  [Name in keyof Part & string]: Part[Name] extends string
    ? `${Before}${Name}`
    : Leaves<Part[Name], `${Before}${Name}.`>
}[keyof Part & string]

export type Key = Leaves<typeof english>
export type Language = 'id' | 'en'
type Facts = Record<string, string | number>
type Branch = { [name: string]: string | Branch }

export const LANGUAGES: Record<Language, string> = { id: 'Bahasa Indonesia', en: 'English' }
const LOCALES: Record<Language, string> = { id: 'id-ID', en: 'en-GB' }
const KEPT = 'tinjau.language'

let chosen: Language = 'id'
let sentences: Branch = {}

export function language(): Language {
  return chosen
}

export function locale(): string {
  return LOCALES[chosen]
}

/** The language chosen before, else the first of ours that the browser asks for. */
export function preferred(): Language {
  const wanted = [localStorage.getItem(KEPT) ?? '', ...navigator.languages, 'id']
  return wanted.map((tag) => tag.slice(0, 2)).find(isOurs) ?? 'id'
}

export async function speak(wanted: Language): Promise<void> {
  const read = wanted === 'en' ? import('./en.json') : import('./id.json')
  sentences = (await read).default
  chosen = wanted
  document.documentElement.lang = wanted
}

export async function choose(wanted: Language): Promise<void> {
  localStorage.setItem(KEPT, wanted)
  await speak(wanted)
}

/** Whether there is a sentence of that name: names that the service gives may be new to us. */
export function has(key: string): key is Key {
  return typeof found(key) === 'string'
}

/** A sentence, with the facts that it names. */
export function say(key: Key, facts: Facts = {}): string {
  const sentence = found(key)
  if (typeof sentence !== 'string') throw new Error(`no words for ${key}`)
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => String(facts[name] ?? whole))
}

function found(key: string): string | Branch | undefined {
  let here: string | Branch | undefined = sentences
  for (const name of key.split('.')) here = typeof here === 'object' ? here[name] : undefined
  return here
}

function isOurs(tag: string): tag is Language {
  return tag in LANGUAGES
}
