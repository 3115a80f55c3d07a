/** Whether a file is a flight log: by the form that it names, or by what it says of a flight. */

const FORM = 'tinjau.flight-log/'
const MOST = 4 * 2 ** 20
/** What a flight log may say (docs/flight-log.schema.json); another field is no part of one. */
const FIELDS =
  'form flight case operator pilot aircraft camera capture take_off heights surface gnss permits weather plan photos incidents'.split(
    ' ',
  )

export async function isFlightLog(file: File): Promise<boolean> {
  if (file.size > MOST) return false
  try {
    const said: unknown = JSON.parse((await file.text()).replace(/^\ufeff/, ''))
    if (said === null || typeof said !== 'object' || Array.isArray(said)) return false
    if ('form' in said && String(said.form).startsWith(FORM)) return true
    const names = Object.keys(said)
    return names.length > 0 && names.every((name) => FIELDS.includes(name))
  } catch {
    return false
  }
}
