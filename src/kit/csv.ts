/**
 * One line of a CSV file (RFC 4180), without its end. A cell that a spreadsheet would run as a formula gets a leading apostrophe:
 * people outside write the subjects and names that end up here.
 */
export function csvLine(cells: readonly string[]): string {
  return cells.map(quoted).join(',')
}

export const csvLineEnd = '\r\n'

/** Excel also takes the full-width forms of the four signs, and looks behind tabs, line ends and NUL. */
const startsFormula = /^[=+\-@＝＋－＠\t\r\n\0]/

function quoted(cell: string): string {
  const harmless = startsFormula.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
