import { GraphProblem } from './graph-problem.ts'

type Json = Record<string, unknown>
type Scope = Map<string, unknown>
/** Reads a value out of a row; `scope` holds the range variables of the lambdas around it. */
type Read = (row: Json, scope: Scope) => unknown

const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le']
const functions = ['startswith', 'endswith', 'contains']

/**
 * A `$filter` as a predicate: comparisons, `in`, `and`, `or`, `not`, `startswith`, `endswith`, `contains`, and `any` over a collection
 * (OData 4.01, part 2, section 5.1.1, the part that calendar and place pages document). Names match in any case.
 */
export function readFilter(text: string): (row: Json) => boolean {
  const parser = new FilterParser(tokensOf(text), text)
  const read = parser.whole()
  return (row) => read(row, new Map()) === true
}

/** The value at a path of a row, names in any case. */
export function valueAt(row: unknown, path: string[]): unknown {
  let value = row
  for (const name of path) {
    if (value === null || typeof value !== 'object') return undefined
    const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase())
    value = key === undefined ? undefined : (value as Json)[key]
  }
  return value
}

/** Order of two values: instants by time whatever their fraction or offset, numbers by size, texts without case as Exchange does. */
export function compareValues(one: unknown, other: unknown): number {
  const [a, b] = [comparable(one), comparable(other)]
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  return a < b ? -1 : 1
}

class FilterParser {
  readonly #tokens: string[]
  readonly #text: string
  #at = 0

  constructor(tokens: string[], text: string) {
    this.#tokens = tokens
    this.#text = text
  }

  whole(): Read {
    const read = this.#or()
    if (this.#at < this.#tokens.length) throw this.#invalid()
    return read
  }

  #or(): Read {
    let left = this.#and()
    while (this.#takes('or')) {
      const [one, other] = [left, this.#and()]
      left = (row, scope) => one(row, scope) === true || other(row, scope) === true
    }
    return left
  }

  #and(): Read {
    let left = this.#not()
    while (this.#takes('and')) {
      const [one, other] = [left, this.#not()]
      left = (row, scope) => one(row, scope) === true && other(row, scope) === true
    }
    return left
  }

  #not(): Read {
    if (!this.#takes('not')) return this.#comparison()
    const inner = this.#not()
    return (row, scope) => inner(row, scope) !== true
  }

  #comparison(): Read {
    const left = this.#operand()
    const operator = this.#peek()?.toLowerCase() ?? ''
    if (operator === 'in') return this.#membership(left)
    if (!comparisons.includes(operator)) return left
    this.#at += 1
    const right = this.#operand()
    return (row, scope) => holds(operator, compareValues(left(row, scope), right(row, scope)))
  }

  #membership(left: Read): Read {
    this.#at += 1
    this.#expect('(')
    const members = [this.#operand()]
    while (this.#takes(',')) members.push(this.#operand())
    this.#expect(')')
    return (row, scope) => members.some((member) => compareValues(left(row, scope), member(row, scope)) === 0)
  }

  #operand(): Read {
    const token = this.#next()
    if (token === '(') {
      const inner = this.#or()
      this.#expect(')')
      return inner
    }
    if (this.#peek() === '(') return this.#call(token)
    return literalOf(token) ?? pathReader(token.split('/'))
  }

  #call(name: string): Read {
    this.#expect('(')
    const parts = name.split('/')
    if (parts.length > 1 && parts.at(-1)?.toLowerCase() === 'any') return this.#any(parts.slice(0, -1))
    if (!functions.includes(name.toLowerCase())) throw this.#invalid()
    const subject = this.#operand()
    this.#expect(',')
    const part = this.#operand()
    this.#expect(')')
    return (row, scope) =>
      textTest(name.toLowerCase(), String(subject(row, scope) ?? ''), String(part(row, scope) ?? ''))
  }

  #any(path: string[]): Read {
    const variable = this.#next()
    this.#expect(':')
    const inner = this.#or()
    this.#expect(')')
    const list = pathReader(path)
    return (row, scope) => {
      const members = list(row, scope)
      return Array.isArray(members) && members.some((one) => inner(row, new Map([...scope, [variable, one]])) === true)
    }
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]
  }

  #next(): string {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw this.#invalid()
    this.#at += 1
    return token
  }

  #takes(word: string): boolean {
    if (this.#peek()?.toLowerCase() !== word) return false
    this.#at += 1
    return true
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw this.#invalid()
  }

  #invalid(): GraphProblem {
    return invalidFilter(this.#text)
  }
}

function tokensOf(text: string): string[] {
  const tokens = text.match(/'(?:[^']|'')*'|[(),]|:(?!\d)|[^\s(),':]+(?::\d[^\s(),']*)?/g) ?? []
  if (tokens.join('').replace(/\s/g, '') !== text.replace(/\s/g, '')) throw invalidFilter(text)
  return tokens
}

function literalOf(token: string): Read | null {
  if (token.startsWith("'")) return () => token.slice(1, -1).replaceAll("''", "'")
  if (/^-?\d+(\.\d+)?$/.test(token)) return () => Number(token)
  if (/^\d{4}-\d\d-\d\d/.test(token)) return () => token
  if (/^(true|false)$/i.test(token)) return () => token.toLowerCase() === 'true'
  return token.toLowerCase() === 'null' ? () => null : null
}

function pathReader(path: string[]): Read {
  const [first = '', ...rest] = path
  return (row, scope) => (scope.has(first) ? valueAt(scope.get(first), rest) : valueAt(row, path))
}

function comparable(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return String(value)
  // A dateTime of the event resource has no offset and means UTC here.
  const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?$/i.exec(value)
  if (time === null) return value.toLowerCase()
  return Date.parse(time[1] && !time[4] ? `${value}Z` : value)
}

function holds(operator: string, difference: number): boolean {
  if (operator === 'eq') return difference === 0
  if (operator === 'ne') return difference !== 0
  if (operator === 'gt') return difference > 0
  if (operator === 'ge') return difference >= 0
  return operator === 'lt' ? difference < 0 : difference <= 0
}

function textTest(name: string, subject: string, part: string): boolean {
  const [text, wanted] = [subject.toLowerCase(), part.toLowerCase()]
  if (name === 'startswith') return text.startsWith(wanted)
  return name === 'endswith' ? text.endsWith(wanted) : text.includes(wanted)
}

function invalidFilter(text: string): GraphProblem {
  return new GraphProblem(
    400,
    'ErrorInvalidUrlQueryFilter',
    `The query filter contains one or more invalid nodes: ${text}`,
  )
}
