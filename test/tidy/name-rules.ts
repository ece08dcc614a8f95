import { type Finding, findAll, type Rule, type SourceFile } from './source-file.ts'

const linesMax = 400
const functionLinesMax = 70
/** One type per table, in one place on purpose: it is read beside the migrations. */
const onePerTable = 'src/db/schema.ts'
const ours = /^(src|emulator|test|bench|bin)\/.*\.(ts|tsx|mjs|css)$/

export const nameRules: Rule[] = [
  { name: 'a path is a guess that comes true', check: (files) => files.flatMap(checkPath) },
  { name: 'no default exports', check: (files) => files.flatMap(checkDefaultExport) },
  { name: `files of at most ${linesMax} lines`, check: (files) => files.flatMap(checkLength) },
  { name: `functions of at most ${functionLinesMax} lines`, check: (files) => files.flatMap(checkFunctions) },
]

function checkPath(file: SourceFile): Finding[] {
  if (!ours.test(file.path)) return []
  const says = (text: string) => [{ file: file.path, line: 1, says: text }]
  const vague = file.path
    .split('/')
    .find((part) => /^(utils?|helpers?|commons?|types|libs?|misc|shared)(\.|$)/.test(part))
  if (vague) return says(`"${vague}" says nothing: name the file or folder after the one idea it holds`)
  if (/\/index\.\w+$/.test(file.path))
    return says('no index files: name the file after what it exports, and import that')
  const name = file.path.split('/').at(-1) ?? ''
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.(ts|tsx|mjs|css)$/.test(name))
    return says('file names are kebab-case: book-room.ts')
  return []
}

function checkDefaultExport(file: SourceFile): Finding[] {
  if (!ours.test(file.path)) return []
  return findAll(file, file.code, /\bexport\s+default\b/g, () => 'export it by its name')
}

function checkLength(file: SourceFile): Finding[] {
  const lines = file.text.split('\n').length - 1
  if (!ours.test(file.path) || lines <= linesMax || file.path === onePerTable) return []
  return [{ file: file.path, line: linesMax, says: `${lines} lines: split it by the nouns it holds` }]
}

function checkFunctions(file: SourceFile): Finding[] {
  if (!ours.test(file.path) || file.path.endsWith('.css')) return []
  return longBlocks(file.code).flatMap(({ line, lines, opening }) =>
    opensFunction(opening)
      ? [{ file: file.path, line, says: `a function of ${lines} lines: give its parts names` }]
      : [],
  )
}

function longBlocks(code: string): { line: number; lines: number; opening: string }[] {
  const rows = code.split('\n')
  const open: number[] = []
  const found: { line: number; lines: number; opening: string }[] = []
  rows.forEach((row, index) => {
    for (const sign of row.replace(/[^{}]/g, '')) {
      if (sign === '{') open.push(index)
      else {
        const start = open.pop() ?? index
        const lines = index - start + 1
        if (lines > functionLinesMax) found.push({ line: start + 1, lines, opening: rows[start] ?? '' })
      }
    }
  })
  return found
}

/** Judged by the line that opens the block. The groups of a test file, and what a class or an object holds, are not meant. */
function opensFunction(opening: string): boolean {
  if (/^\s*(describe|suite)\b|\b(class|interface|switch|type|enum)\b/.test(opening)) return false
  if (/^\s*(if|for|while|else|try|do|\} else|\} catch)\b/.test(opening)) return false
  return /\bfunction\b|=>\s*\{\s*$|^\s*(async |static |get |set )*#?\w+\(.*\{\s*$|^\s*\}?\)(:.*)?\s*\{\s*$/.test(
    opening,
  )
}
