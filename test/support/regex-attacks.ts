import { createContext, Script } from 'node:vm'

/**
 * Strings that make a backtracking regular expression work: something that it matches again and again, of which only the end does not
 * fit. Not a proof: patterns are sampled, not analysed. What is known to be vulnerable is found (test/contracts/regular-expressions.test.ts).
 */
export function attacksOn(pattern: RegExp, length: number): string[] {
  const atoms = atomsOf(pattern.source)
  const samples = [...new Set(atoms.flat())].slice(0, samplesMax)
  const path = atoms.map(([first = '']) => first)
  const starts = [...new Set(path.slice(0, startsMax).map((_, index) => path.slice(0, index).join('')))]
  const pairs = samples.flatMap((one) => samples.map((other) => one + other))
  const pumps = [...samples, ...pairs, ...starts, path.join('')].filter((pump) => pump !== '')
  const ends = ['\u0000', '!\n']
  return pumps.flatMap((pump) => {
    const body = pump.repeat(Math.ceil(length / pump.length))
    return starts.flatMap((start) => ends.map((end) => start + body + end))
  })
}

/** The first of the texts that the pattern does not get through in time, or null. A busy machine is given three tries. */
export function slowText(pattern: RegExp, texts: readonly string[], timeoutMs: number): string | null {
  if (isInTime(pattern, texts, timeoutMs * 4)) return null
  const slow = texts.find((text) => [1, 2, 3].every(() => !isInTime(pattern, [text], timeoutMs)))
  return slow ?? null
}

const samplesMax = 12
const startsMax = 8

const script = new Script('for (const text of texts) { pattern.lastIndex = 0; pattern.test(text) }')

function isInTime(pattern: RegExp, texts: readonly string[], timeoutMs: number): boolean {
  try {
    script.runInContext(createContext({ pattern, texts }), { timeout: timeoutMs })
    return true
  } catch (problem) {
    if ((problem as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false
    throw problem
  }
}

/** For each part of the pattern that takes a character, characters that it takes. */
function atomsOf(source: string): string[][] {
  const parts = source.matchAll(
    /\\[pP]\{[^}]*\}|\\u\{?[0-9a-fA-F]+\}?|\\x[0-9a-fA-F]{2}|\\.|\[(?:\\.|[^\]\\])*\]|\(\?[<!=:a-z]*|[^\\[\](){}?*+|^$]/gs,
  )
  return [...parts].map(([part]) => samplesOf(part)).filter((samples) => samples.length > 0)
}

function samplesOf(part: string): string[] {
  if (part.startsWith('(')) return []
  const own = part.replace(/^\\/, '')
  return [...candidates, ...(own.length === 1 ? [own] : [])].filter((sign) => isTakenBy(part, sign)).slice(0, 4)
}

const candidates = [...' \n\ta0A_-.,:;/\\@<>="\'()[]{}%&#é中\u0001\u200b']

function isTakenBy(part: string, sign: string): boolean {
  try {
    return new RegExp(`^${part}$`, 'u').test(sign)
  } catch {
    return new RegExp(`^${part}$`).test(sign)
  }
}
