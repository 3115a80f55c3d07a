/** A line that states a day: as decrees write it, or in numbers where these can mean only one day. */

export interface StatedDay {
  day: string
  name: string
}

const MONTHS = [
  ['januari', 'january'],
  ['februari', 'february'],
  ['maret', 'march'],
  ['april'],
  ['mei', 'may'],
  ['juni', 'june'],
  ['juli', 'july'],
  ['agustus', 'august'],
  ['september'],
  ['oktober', 'october'],
  ['november', 'nopember'],
  ['desember', 'december'],
]
const REST = '\\s*[;,\\t: ]\\s*(.+)$'
const ISO = new RegExp(`^(\\d{4})-(\\d{2})-(\\d{2})${REST}`)
const WORDS = new RegExp(`^(\\d{1,2})\\s+(\\p{L}+)\\s+(\\d{4})${REST}`, 'u')
const NUMBERS = new RegExp(`^(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})${REST}`)
const MOST_MONTHS = 12

/** Null where it cannot be read, or could mean two days: 03-04-2026 is one in April or in March. */
export function statedDay(line: string): StatedDay | null {
  const iso = ISO.exec(line)
  if (iso) return exact(iso[1], iso[2], iso[3], iso[4])
  const words = WORDS.exec(line)
  if (words) {
    const month = MONTHS.findIndex((names) => names.includes(words[2]?.toLowerCase() ?? ''))
    return month < 0 ? null : exact(words[3], String(month + 1), words[1], words[4])
  }
  const numbers = NUMBERS.exec(line)
  if (numbers === null) return null
  const [first, second] = [Number(numbers[1]), Number(numbers[2])]
  const isPlain = first > MOST_MONTHS || first === second
  return isPlain ? exact(numbers[3], String(second), String(first), numbers[4]) : null
}

function exact(year = '', month = '', date = '', name = ''): StatedDay | null {
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  const at = new Date(`${day}T00:00:00Z`)
  const isThere = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
  return isThere ? { day, name } : null
}
