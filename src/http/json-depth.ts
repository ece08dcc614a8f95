/** Is this JSON nested deeper than that? Counts brackets outside of strings, so that what is too deep is never built. */
export function isDeeperThan(most: number, text: string): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (quoted && sign === '\\') at++
    else if (sign === '"') quoted = !quoted
    else if (!quoted && (sign === '{' || sign === '[') && ++depth > most) return true
    else if (!quoted && (sign === '}' || sign === ']')) depth--
  }
  return false
}
