/** Months as the reader's language names them. */

import { locale } from '../wording'

export function monthName(month: string): string {
  const style = { month: 'short', year: 'numeric', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(locale(), style).format(new Date(`${month}-01T00:00:00Z`))
}
