/**
 * Rows as text in columns, as wide as their widest cell, with a heading line. Cells come from other people, so control
 * characters are taken out: a subject must not move the cursor or colour the terminal.
 */
export function tableText(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings.map((heading) => heading.toUpperCase()), ...rows.map((row) => row.map(onOneLine))]
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length)))
  return cells.map((row) => lineOf(row, widths)).join('\n')
}

/** One record as `name  value` lines. */
export function recordText(fields: Record<string, string>): string {
  const width = Math.max(...Object.keys(fields).map((name) => name.length))
  return Object.entries(fields)
    .map(([name, value]) => `${name.padEnd(width)}  ${onOneLine(value)}`)
    .join('\n')
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  const padded = row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length)))
  return padded.join('  ').trimEnd()
}

export function onOneLine(text: string): string {
  return text.replaceAll(/\p{Control}+/gu, ' ').trim()
}

export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
