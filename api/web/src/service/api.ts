/** Asks the service, in the reader's language; what goes wrong is always a `Problem`. */

import { language, say } from '../wording'
import type { Misfit, ProblemTold } from './answers'

export type { Misfit }

export const ROOT = '/api/v1'
const UNAUTHORIZED = 401
const ABSENT = [404, 422]

/** Something that could not be done, in words for people. */
export class Problem extends Error {
  readonly code: string
  readonly hint: string
  readonly status: number
  /** The place that is wrong, where there is one: of outlines, longitude and latitude. */
  readonly where: string | null
  /** The fields of a request that do not fit. */
  readonly places: Misfit[]

  constructor(told: ProblemTold) {
    super(told.title)
    this.code = told.code
    this.hint = told.detail
    this.status = told.status
    this.where = told.where ?? null
    this.places = told.places ?? []
  }
}

/** Whether it was asked for by an address behind which there is nothing, or can be nothing. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Problem && ABSENT.includes(error.status)
}

interface Asking {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  /** A body that is a text, not JSON. */
  text?: string
  /** The same key with the same question: it is carried out once, however often it is sent. */
  once?: string
  signal?: AbortSignal
}

let forgeryToken: string | null = null
let strangerHeard: () => void = () => {}

/** With what changes something, the service wants to see that it comes from our own page. */
export function useForgeryToken(token: string | null): void {
  forgeryToken = token
}

/** Calls this when the service no longer knows who asks. */
export function onStranger(heard: () => void): void {
  strangerHeard = heard
}

export function proofs(): Record<string, string> {
  const proven = forgeryToken === null ? {} : { 'X-CSRF-Token': forgeryToken }
  return { 'Accept-Language': language(), ...proven }
}

/** A key that nobody else has; made so that it works without HTTPS too, in an office's own network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function onceOnly(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { 'Idempotency-Key': key }
}

export async function ask<Answer>(path: string, asking: Asking = {}): Promise<Answer> {
  const { method = 'GET', body, text, once, signal } = asking
  const sent: RequestInit = { method, headers: proofs(), cache: 'no-store' }
  if (signal) sent.signal = signal
  if (body !== undefined) {
    sent.body = JSON.stringify(body)
    sent.headers = { ...proofs(), 'Content-Type': 'application/json', ...onceOnly(once) }
  }
  if (text !== undefined) {
    sent.body = text
    sent.headers = { ...proofs(), 'Content-Type': 'text/plain' }
  }
  let answer: Response
  try {
    answer = (method === 'GET' && (await takeAhead(path))) || (await fetch(ROOT + path, sent))
  } catch (error) {
    if (signal?.aborted) throw error
    throw unreachable()
  }
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as Answer
  throw problemOf(answer.status, await answer.text())
}

const ahead = new Map<string, Promise<Response | null>>()

/** Asks before the page is there that needs it; that one gets the answer, once. */
export function askAhead(path: string): void {
  const asked = fetch(ROOT + path, { headers: proofs(), cache: 'no-store' })
  ahead.set(
    path,
    asked.then((answer) => (answer.ok ? answer : null)).catch(() => null),
  )
}

async function takeAhead(path: string): Promise<Response | null> {
  const asked = ahead.get(path)
  ahead.clear()
  return (await asked) ?? null
}

/** What an answer that is not a success tells, also where something between us wrote it. */
export function problemOf(status: number, body: string): Problem {
  if (status === UNAUTHORIZED && forgeryToken !== null) strangerHeard()
  try {
    const told = JSON.parse(body) as ProblemTold
    if (told.title && told.code) return new Problem({ ...told, status })
  } catch {
    // Not in our form: some server between here and there answered.
  }
  return new Problem({
    title: say('trouble.strange', { status }),
    detail: say('trouble.later'),
    code: 'strange_answer',
    status,
  })
}

export function unreachable(): Problem {
  return new Problem({
    title: say('trouble.unreachable'),
    detail: say('trouble.connection'),
    code: 'unreachable',
    status: 0,
  })
}
