/** Splits a migration into its statements: without comments, and blind to what stands in quotes or between dollar signs. */
export function statementsIn(text: string): string[] {
  const statements: string[] = []
  let current = ''
  for (const piece of text.match(pieces) ?? []) {
    if (piece.startsWith('--')) continue
    if (piece === ';') statements.push(current.trim())
    current = piece === ';' ? '' : current + piece
  }
  return [...statements, current.trim()].filter((statement) => statement !== '')
}

/** Splits a list at its top-level commas: `a int, check (b in (1, 2))` has two parts. */
export function partsOf(list: string): string[] {
  const parts = ['']
  let depth = 0
  for (const piece of list.match(pieces) ?? []) {
    if (piece === '(') depth += 1
    if (piece === ')') depth -= 1
    if (piece === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** The words and groups of a clause: `check (a > 1) default 'x y'` has four. A group keeps its parentheses. */
export function wordsOf(clause: string): string[] {
  const words: string[] = []
  let depth = 0
  let current = ''
  for (const piece of clause.match(pieces) ?? []) {
    if (piece === '(') depth += 1
    if (piece === ')') depth -= 1
    if (/^\s+$/.test(piece) && depth === 0) {
      words.push(current)
      current = ''
    } else if (piece === '(' && depth === 1 && current !== '') {
      words.push(current)
      current = piece
    } else current += piece
  }
  return [...words, current].filter((word) => word !== '')
}

/** What stands between the outermost parentheses of a group. */
export function inside(group: string): string {
  return group.slice(group.indexOf('(') + 1, group.lastIndexOf(')')).trim()
}

const pieces = /--[^\n]*|'(?:[^']|'')*'|"[^"]*"|\$\$[\s\S]*?\$\$|\s+|[(),;]|[^\s(),;'"$-]+|./g
