/** What is asked of an office when it is made or changed. */

import { el } from '../dom'
import type { Office, Stated } from '../service/offices'
import { LANGUAGES, say } from '../wording'
import { textOf } from './asking'

/** The fields of a change, filled with what the office goes by now. */
export function statedFields(now: Stated, profiles: string[]): HTMLElement[] {
  const zones = el(
    'datalist',
    { id: 'zones' },
    ...zoneNames().map((value) => el('option', { value })),
  )
  const zone = el('input', {
    name: 'time_zone',
    required: true,
    maxlength: 64,
    list: 'zones',
    value: now.time_zone,
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': 'zone-rule',
  })
  return [
    line('offices.name', 'name', { maxlength: 120, value: now.name }),
    el('label', {}, say('offices.zone'), zone, zones),
    el('p', { class: 'aside', id: 'zone-rule' }, say('offices.zone_rule')),
    choice('office.rules', 'profile', now.profile, [...new Set([...profiles, now.profile])]),
    choice('office.language', 'language', now.language, Object.keys(LANGUAGES), (code) =>
      code in LANGUAGES ? LANGUAGES[code as keyof typeof LANGUAGES] : code,
    ),
  ]
}

/** What is asked beside, once: the code, and who administers the office first. */
export function newFields(): { code: HTMLElement[]; admin: HTMLElement[] } {
  const about = { spellcheck: 'false', autocapitalize: 'none' }
  return {
    code: [
      line('offices.code', 'code', {
        ...about,
        maxlength: 64,
        pattern: '[a-z0-9][a-z0-9\\-]{0,63}',
        'aria-describedby': 'code-rule',
      }),
      el('p', { class: 'aside', id: 'code-rule' }, say('offices.code_rule')),
    ],
    admin: [
      line('offices.admin_name', 'admin_name', { maxlength: 120 }),
      line('offices.admin_login', 'admin_login', {
        ...about,
        maxlength: 120,
        pattern: '[A-Za-z0-9][A-Za-z0-9._@+\\-]{1,119}',
        'aria-describedby': 'login-rule',
      }),
      el('p', { class: 'aside', id: 'login-rule' }, say('misfit.of.login')),
    ],
  }
}

/** What a new office would go by: as the last one that was made, else as this device. */
export function likely(known: Office[], profiles: string[]): Stated {
  const last = known.at(-1)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return {
    name: '',
    time_zone: last?.time_zone ?? zone,
    profile: last?.profile ?? profiles[0] ?? '',
    language: last?.language ?? document.documentElement.lang,
  }
}

export function statedOf(form: FormData): Stated {
  return {
    name: textOf(form, 'name'),
    time_zone: textOf(form, 'time_zone'),
    profile: textOf(form, 'profile'),
    language: textOf(form, 'language'),
  }
}

function line(
  label: 'offices.name' | 'offices.code' | 'offices.admin_name' | 'offices.admin_login',
  name: string,
  more: Record<string, string | number>,
): HTMLElement {
  const field = el('input', { name, required: true, autocomplete: 'off', ...more })
  return el('label', {}, say(label), field)
}

function choice(
  label: 'office.rules' | 'office.language',
  name: string,
  now: string,
  values: string[],
  called: (value: string) => string = (value) => value,
): HTMLElement {
  const options = values.map((value) =>
    el('option', { value, selected: value === now }, called(value)),
  )
  return el('label', {}, say(label), el('select', { name, required: true }, ...options))
}

function zoneNames(): string[] {
  return Intl.supportedValuesOf('timeZone')
}
