import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'vite'
import { expect, test } from 'vitest'
import { attacksOn, slowText } from '../support/regex-attacks.ts'

/*
 * Nobody's pattern is run here, only our own; each must get through long hostile text in time that grows with its length (T64). A pattern
 * that squares it needs a second for 40,000 characters, one that does not needs a fraction of a millisecond.
 */
const length = 40_000
const timeoutMs = 200

const src = path.resolve(import.meta.dirname, '../../src')

function patternsIn(file: string): RegExp[] {
  const found: RegExp[] = []
  JSON.stringify(parseSync(file, readFileSync(file, 'utf8')).program, (_, value) => {
    if (value?.regex !== undefined) found.push(new RegExp(value.regex.pattern, value.regex.flags.replace('y', '')))
    return value instanceof RegExp || typeof value === 'bigint' ? null : value
  })
  return found
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !/\.(test|d)\.tsx?$/.test(file),
)
const patterns = new Map(
  files.flatMap((file) =>
    patternsIn(path.join(src, file)).map((pattern) => [String(pattern), { file, pattern }] as const),
  ),
)

test('what is known to be vulnerable is found', { timeout: 300_000 }, () => {
  const vulnerable = [
    /(a+)+$/,
    /^(\w+\s?)*$/,
    /^(([a-z])+.)+[A-Z]([a-z])+$/,
    /\s+$/,
    /^\s*(.*?)\s*=\s*(.*?)\s*;\s*$/,
    /(.*)a(.*)b$/,
    /^([a-zA-Z0-9])(([-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$/,
    /<!--.*?-->/,
    /"(?:[^"\\]|\\.)*x"/,
    /(x|x)*y/,
    /^(?:\d+,?)+;$/,
    /,+\]/,
  ]
  // A machine that is four times as fast as the slowest that runs this finds them too.
  const found = (pattern: RegExp) => slowText(pattern, attacksOn(pattern, length), timeoutMs / 4) !== null
  expect(vulnerable.filter((pattern) => !found(pattern))).toEqual([])
})

test('every pattern of the product gets through long text in time', { timeout: 300_000 }, () => {
  expect(patterns.size).toBeGreaterThan(120)
  const slow = [...patterns.values()].flatMap(({ file, pattern }) => {
    const text = slowText(pattern, attacksOn(pattern, length), timeoutMs)
    return text === null ? [] : [`${file}: ${pattern} on ${JSON.stringify(text.slice(0, 12))}…`]
  })
  expect(slow).toEqual([])
})
