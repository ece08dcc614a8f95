import path from 'node:path'
import { type Finding, findAll, isTest, type Rule, type SourceFile } from './source-file.ts'

/** Who may import whom, read downwards: what is listed, itself, and npm packages. The same table is in ARCHITECTURE.md. */
const mayImport: Record<string, string[]> = {
  kit: [],
  db: ['kit'],
  http: ['kit'],
  jobs: ['kit', 'db'],
  audit: ['kit', 'db', 'http'],
  mail: ['kit', 'db', 'http', 'jobs', 'audit'],
  pace: ['kit', 'db'],
  vault: ['kit', 'db', 'http', 'jobs', 'audit'],
  graph: ['kit'],
  people: ['kit', 'db', 'http', 'jobs', 'audit', 'mail'],
  rooms: ['kit', 'db', 'http', 'jobs', 'audit', 'mail'],
  connections: ['kit', 'db', 'http', 'jobs', 'audit', 'mail', 'vault', 'people'],
  reservations: ['kit', 'db', 'http', 'jobs', 'audit', 'mail', 'people', 'rooms'],
  providers: ['kit', 'db', 'http', 'jobs', 'audit', 'mail', 'pace', 'graph', 'people', 'rooms', 'connections'],
  watch: ['kit', 'db', 'http', 'jobs', 'audit', 'mail', 'pace', 'graph', 'people', 'rooms', 'providers'],
  sync: [
    'kit',
    'db',
    'http',
    'jobs',
    'audit',
    'mail',
    'pace',
    'graph',
    'people',
    'rooms',
    'providers',
    'watch',
    'reservations',
  ],
  scan: [
    'kit',
    'db',
    'http',
    'jobs',
    'audit',
    'mail',
    'graph',
    'people',
    'rooms',
    'connections',
    'providers',
    'watch',
    'reservations',
    'sync',
  ],
  cli: [
    'kit',
    'db',
    'http',
    'audit',
    'vault',
    'people',
    'connections',
    'rooms',
    'providers',
    'watch',
    'reservations',
    'sync',
    'scan',
  ],
  web: [],
}

const features = ['people', 'connections', 'rooms', 'providers', 'watch', 'reservations', 'sync', 'scan']

export const importRules: Rule[] = [
  {
    name: 'who may import whom',
    check: (files) => files.flatMap((file) => importsOf(file).flatMap((found) => judge(file, found))),
  },
]

type Import = { target: string; line: number }

function importsOf(file: SourceFile): Import[] {
  if (!/\.(ts|tsx|mjs)$/.test(file.path)) return []
  const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"\n]+)\1/g
  return findAll(file, file.said, pattern, (match) => match[2] ?? '').map(({ line, says }) => ({
    target: resolve(file.path, says),
    line,
  }))
}

/** `#jobs/lease.ts` and `../jobs/lease.ts` are both `src/jobs/lease.ts`; a package stays what it is. */
function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('#')) return `src/${specifier.slice(1)}`
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(from), specifier) : specifier
}

function judge(file: SourceFile, { target, line }: Import): Finding[] {
  const says = (text: string): Finding[] => [{ file: file.path, line, says: text }]
  if (file.path.startsWith('emulator/')) {
    return target.startsWith('src/')
      ? says(`the emulator imports nothing from src (${target}): write it again, or tests agree with themselves`)
      : []
  }
  if (!file.path.startsWith('src/') || !target.startsWith('src/') || isTest(file))
    return isOutside(file, target) ? says(`src imports nothing from ${target}`) : []
  const from = roomOf(file.path)
  const to = roomOf(target)
  if (from === 'main') return []
  if (to === 'main') return says('nothing below imports src/main.ts or its siblings: pass what you need as an argument')
  if (isContract(file.path)) return judgeContract(target, says)
  if (from === to) return []
  if (from === 'web')
    return isContract(target) || sharedShapes.includes(target)
      ? []
      : says(`the web imports only files named contract.ts, not ${target}: move the shape there`)
  if (features.includes(to) && /(^|\/|-)queries\.ts$/.test(target))
    return says(`${target} is ${to}'s own: call a verb of ${to} instead`)
  if (mayImport[from]?.includes(to)) return []
  return says(
    `${from} may not import ${to}. It may import: ${mayImport[from]?.join(', ') || 'nothing'} (ARCHITECTURE.md, "Who may import whom")`,
  )
}

/** What the web bundles along with a contract must be as harmless as the contract. */
function judgeContract(target: string, says: (text: string) => Finding[]): Finding[] {
  return isContract(target) || sharedShapes.includes(target)
    ? []
    : says(`a contract is shared with the web, so it imports only zod and other contracts, not ${target}`)
}

/** Shapes that every contract needs, the one way to write CSV, and what makes text safe to read. They import nothing but zod. */
const sharedShapes = ['src/kit/page.ts', 'src/kit/csv.ts', 'src/kit/visible-text.ts']

function isContract(file: string): boolean {
  return /(^|\/|\.|-)contract\.ts$/.test(file)
}

function isOutside(file: SourceFile, target: string): boolean {
  return file.path.startsWith('src/') && !isTest(file) && /^(test|emulator|bench|bin)\//.test(target)
}

function roomOf(file: string): string {
  const parts = file.split('/')
  return parts.length > 2 ? (parts[1] ?? '') : 'main'
}
