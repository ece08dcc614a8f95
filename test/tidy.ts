import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { documentRules } from './tidy/document-rules.ts'
import { errorsPage } from './tidy/errors-page.ts'
import { importRules } from './tidy/import-rules.ts'
import { nameRules } from './tidy/name-rules.ts'
import { seamRules } from './tidy/seam-rules.ts'
import { type Finding, type Rule, readProject, type SourceFile } from './tidy/source-file.ts'
import { tableRules } from './tidy/table-rules.ts'
import { threatRules } from './tidy/threat-rules.ts'
import { vendorRules } from './tidy/vendor-rules.ts'
import { wordRules } from './tidy/word-rules.ts'

const projectDir = path.join(import.meta.dirname, '..')
const errorsFile = path.join(projectDir, 'docs', 'errors.md')

/** The rules of STYLE.md that a program can check. Each finding says what to write instead. */
export const rules: Rule[] = [
  ...importRules,
  ...nameRules,
  ...wordRules,
  ...seamRules,
  ...tableRules,
  ...vendorRules,
  ...documentRules,
  ...threatRules,
]

export function tidy(files: SourceFile[]): { rule: string; findings: Finding[] }[] {
  return rules.map((rule) => ({ rule: rule.name, findings: rule.check(files) }))
}

/** `bin/tidy [--write]`: prints what is wrong, and ends with `N passed, N failed`, counting rules. `--write` first writes docs/errors.md anew. */
async function main(): Promise<void> {
  if (process.argv.includes('--write')) await writeFile(errorsFile, await errorsPage(projectDir))
  const outcomes = tidy(readProject(projectDir))
  for (const { rule, findings } of outcomes) {
    process.stdout.write(`${findings.length === 0 ? '    ok' : 'FAILED'}  ${rule}\n`)
    for (const { file, line, says } of findings) process.stdout.write(`        ${file}:${line}  ${says}\n`)
  }
  const failed = outcomes.filter(({ findings }) => findings.length > 0).length
  process.stdout.write(`${outcomes.length - failed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 ? 0 : 1
}

if (import.meta.main) await main()
