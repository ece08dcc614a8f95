/**
 * Takes comments (`said`), and also the insides of strings and regular expressions (`code`), out of JavaScript, leaving
 * spaces and line breaks, so that offsets stay true. What stands in `${}` of a template is code and stays. JSX text is
 * taken for code; an apostrophe in it is recognised by there being no second one on its line.
 */
export function blank(text: string): { said: string; code: string } {
  const said = [...text]
  const code = [...text]
  const erase = (target: string[], from: number, to: number) => {
    for (let at = from; at < to; at++) if (text[at] !== '\n') target[at] = ' '
  }
  for (const { kind, from, to } of pieces(text)) {
    if (kind === 'comment') erase(said, from, to)
    if (kind === 'comment') erase(code, from, to)
    else erase(code, from + 1, to - 1)
  }
  return { said: said.join(''), code: code.join('') }
}

type Piece = { kind: 'comment' | 'literal'; from: number; to: number }

/** By the first character, as the language does it; a template is given piece by piece, between the `${}` it holds. */
function* pieces(text: string): Generator<Piece> {
  const openBraces: number[] = [] // one entry per template that we are inside of: the braces open in its ${}
  for (let at = 0; at < text.length; ) {
    const found = simple(text, at)
    if (found) {
      yield found
      at = found.to
      continue
    }
    const sign = text[at]
    const inTemplate = openBraces.length > 0
    if (sign === '{' && inTemplate) openBraces.push((openBraces.pop() ?? 0) + 1)
    if (sign === '}' && inTemplate) openBraces.push((openBraces.pop() ?? 0) - 1)
    if (sign === '`' || (sign === '}' && openBraces.at(-1) === 0)) {
      if (sign === '}') openBraces.pop()
      const to = templateEnd(text, at + 1)
      if (text[to - 1] === '{') openBraces.push(1)
      yield { kind: 'literal', from: at, to: text[to - 1] === '{' ? to - 1 : to }
      at = to
    } else at++
  }
}

const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const quoted = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y
const regularExpression = /\/(?![*/>])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
const beforeRegularExpression = /(?:[(,=:[!&|?;]|\breturn|=>)\s*$/

function simple(text: string, at: number): Piece | null {
  const end = (pattern: RegExp) => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    return match ? at + match[0].length : null
  }
  const commentEnd = end(comment)
  if (commentEnd) return { kind: 'comment', from: at, to: commentEnd }
  const literalEnd = end(quoted) ?? (isRegularExpression(text, at) ? end(regularExpression) : null)
  return literalEnd ? { kind: 'literal', from: at, to: literalEnd } : null
}

function isRegularExpression(text: string, at: number): boolean {
  return text[at] === '/' && beforeRegularExpression.test(text.slice(Math.max(0, at - 40), at))
}

/** Just behind the closing backtick, or behind the next `${`. */
function templateEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '`') return at + 1
    else if (text[at] === '$' && text[at + 1] === '{') return at + 2
  }
  return text.length
}
