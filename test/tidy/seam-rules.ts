import { type Finding, findAll, isTest, type Rule, type SourceFile } from './source-file.ts'

type Effect = { pattern: RegExp; instead: string; alsoInWeb: boolean }

/** Effects arrive as arguments; only src/kit, src/main.ts and its siblings reach for the real ones. */
const effects: Effect[] = [
  { pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bTemporal\.Now\b/g, instead: 'deps.now()', alsoInWeb: false },
  { pattern: /\bMath\.random\b/g, instead: 'deps.randomBytes or deps.newId', alsoInWeb: true },
  { pattern: /\brandomUUID(v7)?\b/g, instead: 'deps.newId()', alsoInWeb: false },
  { pattern: /(?<![.\w])(setTimeout|setInterval|setImmediate)\(/g, instead: 'deps.wait', alsoInWeb: false },
  { pattern: /(?<![.\w#])fetch\(|(?<!typeof )\bglobalThis\.fetch\b/g, instead: 'deps.fetch', alsoInWeb: false },
]

export const seamRules: Rule[] = [
  { name: 'effects arrive as arguments', check: (files) => files.filter(isInside).flatMap(findEffects) },
]

function isInside(file: SourceFile): boolean {
  return /^src\/(?!kit\/)[^/]+\/.*\.tsx?$/.test(file.path) && !isTest(file)
}

function findEffects(file: SourceFile): Finding[] {
  const inWeb = file.path.startsWith('src/web/')
  // A method or a type of that name is not the global.
  const code = file.code.replace(/\bfetch\([^)]*\)\s*(:[^{;=]*)?\{|\bfetch\(.*\):/g, (found) =>
    found.replace('fetch', '     '),
  )
  return effects
    .filter(({ alsoInWeb }) => !inWeb || alsoInWeb)
    .flatMap(({ pattern, instead }) => findAll(file, code, pattern, (match) => `${match[0]}: use ${instead}`))
}
