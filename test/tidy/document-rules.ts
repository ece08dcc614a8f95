import { type Finding, findAll, lineAt, type Rule, type SourceFile } from './source-file.ts'

export const documentRules: Rule[] = [
  { name: 'migrations have no gaps and a header', check: checkMigrations },
  { name: 'docs/errors.md lists exactly our errors', check: checkErrors },
  { name: 'the lock file names no registry', check: checkLock },
  { name: 'no path of a workplace', check: (files) => files.flatMap(checkPaths) },
]

function checkMigrations(files: SourceFile[]): Finding[] {
  const migrations = files
    .filter((file) => file.path.startsWith('src/db/migrations/'))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  return migrations.flatMap((file, index) => {
    const number = String(index + 1).padStart(4, '0')
    const name = file.path.split('/').at(-1) ?? ''
    const says = (text: string) => [{ file: file.path, line: 1, says: text }]
    if (!new RegExp(`^${number}_[a-z0-9_]+\\.sql$`).test(name))
      return says(`expected ${number}_what_it_does.sql here: numbers have no gaps`)
    if (!/^--.*\n--.*\bOld workers\b.*\bLocks\b/s.test(file.text))
      return says('begin with its name, then a line "-- Old workers: ... Locks: ..."')
    return []
  })
}

function checkErrors(files: SourceFile[]): Finding[] {
  const page = files.find((file) => file.path === 'docs/errors.md')
  const ours = files
    .filter((file) => /^src\/[^/]+\/errors\.ts$/.test(file.path))
    .flatMap((file) => findAll(file, file.said, /^\s*'([a-z_]+\.[a-z0-9_]+)':/gm, (match) => match[1] ?? ''))
  const theirs = page ? findAll(page, page.text, /^[|#\s]*`([a-z_]+\.[a-z0-9_]+)`/gm, (match) => match[1] ?? '') : []
  const documented = new Set(theirs.map(({ says }) => says))
  const existing = new Set(ours.map(({ says }) => says))
  return [
    ...ours
      .filter(({ file, says }) => !says.startsWith(`${file.split('/')[1]}.`))
      .map((code) => ({ ...code, says: `${code.says}: the first half is the feature's folder` })),
    ...ours
      .filter(({ says }) => !documented.has(says))
      .map((code) => ({ ...code, says: `${code.says} is missing in docs/errors.md: bin/tidy --write` })),
    ...theirs
      .filter(({ says }) => !existing.has(says))
      .map((code) => ({ ...code, says: `${code.says} is no error of ours (any more): bin/tidy --write` })),
  ]
}

function checkLock(files: SourceFile[]): Finding[] {
  const lock = files.find((file) => file.path === 'package-lock.json')
  if (!lock) return [{ file: 'package-lock.json', line: 1, says: 'is missing: npm install' }]
  const at = lock.text.indexOf('"resolved"')
  if (at < 0) return []
  return [
    {
      file: lock.path,
      line: lineAt(lock.text, at),
      says: 'holds "resolved": npm install with omit-lockfile-registry-resolved (.npmrc)',
    },
  ]
}

/** Paths that exist on one machine only, or that name a person. */
const workplace = /(?<![\w.])\/(?:work|home\/\w+|Users\/\w+|root)\/[\w.-]+/g

function checkPaths(file: SourceFile): Finding[] {
  if (/^(package-lock\.json|test\/tidy)/.test(file.path) || file.text.includes('\0')) return []
  return findAll(file, file.text, workplace, (match) => `${match[0]}: write it from the project's folder`)
}
