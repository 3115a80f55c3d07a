/** What a table of places is, by its first lines: points that hold a picture, or the outline of a permit. */

export type TableKind = 'points' | 'outline' | 'other'

const HEAD = 64 * 1024
const LINES = 8
const PIXEL_COLUMNS =
  'column col px pixelx xpixel pixelcolumn imagex ximage u sample sourcex kolom kolompiksel'
const PIXEL_ROWS = 'row line py pixely ypixel pixelrow imagey yimage v sourcey baris barispiksel'
const EASTS = 'x xlongitude xeasting mapx'
const NORTHS = 'y ylatitude ynorthing mapy'
const LABELS = 'name role label titik namatitik gcp gcpname gcplabel marker markerlabel peran'
/** A line in which control points of OpenDroneMap and QGIS name their system. */
const SYSTEM = /^\ufeff?(epsg:\d|\+proj=|wgs ?84 utm|#crs:)/i
const GROUND = /bujur|lintang|longitude|latitude|easting|°/i
const NUMBER = /^-?\d+([.,]\d+)?$/

export async function tableKind(file: File): Promise<TableKind> {
  const text = await file.slice(0, HEAD).text()
  if (/\.points$/i.test(file.name) || text.includes('<marker')) return 'points'
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, LINES)
  if (SYSTEM.test(lines[0] ?? '')) return 'points'
  const named = lines.find((line) => !/^\ufeff?#\s*\w+\s*:/.test(line)) ?? ''
  const words = new Set(cells(named).map(plain))
  const has = (some: string) => some.split(' ').some((word) => words.has(word))
  if (has(PIXEL_COLUMNS) && has(PIXEL_ROWS)) return 'points'
  if (has(EASTS) && has(NORTHS) && has(LABELS)) return 'points'
  if (isBare(lines)) return 'points'
  return GROUND.test(lines.join('\n')) ? 'outline' : 'other'
}

/** As Pix4D takes them: a label, three numbers, and perhaps two accuracies, without a heading. */
function isBare(lines: string[]): boolean {
  const rows = lines.map(cells)
  return (
    rows.length > 0 &&
    rows.every(
      (row) => [4, 6].includes(row.length) && row.slice(1).every((one) => NUMBER.test(one)),
    )
  )
}

function cells(line: string): string[] {
  const sign = [';', '\t', ','].find((one) => line.includes(one)) ?? ','
  return line.split(sign).map((cell) => cell.replace(/^[\ufeff#\s"]+|[\s"]+$/g, ''))
}

function plain(cell: string): string {
  return cell
    .replace(/\((m|deg|px|°|pixels?)\)/gi, '')
    .replace(/[\W_]+/g, '')
    .toLowerCase()
}
