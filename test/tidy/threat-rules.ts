import { type Finding, lineAt, type Rule, type SourceFile } from './source-file.ts'

const page = 'docs/threats.md'

/** Rows of features that exist. */
const rows = [...numbers(1, 38), ...numbers(40, 71), ...numbers(80, 91), 94, 95]

const states = /^(tested|in part: \S.*|not yet|by design)$/

export const threatRules: Rule[] = [{ name: 'every threat has its test, or a reason', check: checkThreats }]

function checkThreats(files: SourceFile[]): Finding[] {
  const file = files.find(({ path }) => path === page)
  if (!file) return [{ file: page, line: 1, says: 'is missing' }]
  const known = new Set(files.map(({ path }) => path))
  const found = [...file.text.matchAll(/^\| (T\d\d) \|(.*)\|$/gm)]
  return [...missingRows(found), ...found.flatMap((row) => judge(file, row, known))]
}

function missingRows(found: RegExpExecArray[]): Finding[] {
  const there = found.map(([, id]) => id)
  const wanted = rows.map((number) => `T${String(number).padStart(2, '0')}`)
  return wanted.filter((id) => !there.includes(id)).map((id) => ({ file: page, line: 1, says: `${id} is missing` }))
}

function judge(file: SourceFile, row: RegExpExecArray, known: Set<string>): Finding[] {
  const [, id = '', rest = ''] = row
  const cells = rest.split('|').map((cell) => cell.trim())
  const [, , state = '', proof = ''] = cells
  const says = (text: string) => ({ file: page, line: lineAt(file.text, row.index), says: `${id} ${text}` })
  const named = [...proof.matchAll(/`([\w./-]+\.tsx?)`/g)].map((match) => match[1] ?? '')
  return [
    ...(cells.length === 4 && states.test(state) ? [] : [says('needs: threat, requirement, a known state, proof')]),
    ...(state === 'tested' && named.length === 0 ? [says('is called tested and names no test')] : []),
    ...(proof === '' ? [says('has neither a test nor a reason')] : []),
    ...named.filter((path) => !known.has(path)).map((path) => says(`names ${path}, which does not exist`)),
  ]
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
