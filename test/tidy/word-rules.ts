import { type Finding, findAll, isTest, type Rule, type SourceFile } from './source-file.ts'

type Banned = { pattern: RegExp; instead: string; unless?: RegExp }

/** One word per idea (GLOSSARY.md). Found in names and texts, not in comments. */
const banned: Banned[] = [
  // Exchange itself calls a room's rules booking policies; those names are Microsoft's.
  {
    pattern: /\b\w*[bB]ookings?(?![tT]ype|[wW]indow|[aA]ttendant|[pP]olic|_type|_window|_polic)\w*\b/g,
    instead: 'reservation',
    unless: /^(src\/graph|test|bench)\/|^src\/web\/shell\/destinations/, // there: words that people type to find a page
  },
  // The shipped alias Microsoft_Exchange_Online_clientCred keeps the name that people search for.
  { pattern: /\b[cC]reds?\b|\b(?!Microsoft_Exchange_Online_)\w+Creds?\b/g, instead: 'credential' },
  // The registry keeps the name that people search for, in its table and on its page.
  {
    pattern: /\b(?!webhook[_-]registry\b|WebhookRegistry|Webhook registry\b)\w*[wW]ebhooks?\w*\b/g,
    instead: 'notification',
  },
  {
    pattern: /\b(m|M)ock(ed|s|ing)?\b|\bvi\.mock\b|\bvi\.fn\b/g,
    instead: 'the real thing, or the local tenant (a stand-in)',
  },
  { pattern: /\bas any\b|:\s*any\b|<any>/g, instead: 'a parser, or unknown' },
  { pattern: /\b(TODO|FIXME|XXX)\b/g, instead: 'an issue, or the work itself' },
  {
    pattern: /\bconsole\.(log|error|warn|info|debug)\b/g,
    instead: 'deps.log',
    unless: /^(src\/cli|bench|bin|test\/tidy)/,
  },
]

/** What makes a test order-dependent, or not run at all. */
const bannedInTests: Banned[] = [
  { pattern: /\b(test|it|describe)\.(skip|only|todo|skipIf|runIf)\b/g, instead: 'a test that runs' },
  { pattern: /\bvi\.useFakeTimers\b/g, instead: 'the clock that is passed in' },
]

/**
 * What a security reviewer must find. Each is a word that appears nowhere else, and the number of its uses is written down
 * here: whoever adds one changes this line, and the reviewer sees it.
 */
const dangerous: { name: string; uses: number; why: string }[] = [
  { name: 'dangerouslySetInnerHTML', uses: 0, why: 'text from Outlook must never become markup' },
  { name: 'sql.raw', uses: 0, why: 'values travel beside the statement, never in it' },
  { name: 'insecureHTTPParser', uses: 0, why: 'a lenient parser lets requests be smuggled' },
  { name: 'rejectUnauthorized', uses: 0, why: 'certificates are always checked' },
  { name: 'NODE_TLS_REJECT_UNAUTHORIZED', uses: 0, why: 'certificates are always checked' },
]

export const wordRules: Rule[] = [
  { name: 'one word per idea', check: (files) => files.filter(isOurs).flatMap((file) => judge(file, banned)) },
  {
    name: 'tests that run',
    check: (files) =>
      files
        .filter(isTest)
        .filter(isOurs)
        .flatMap((file) => judge(file, bannedInTests)),
  },
  { name: 'dangerous names are counted', check: countDangerous },
]

function isOurs(file: SourceFile): boolean {
  return /^(src|test|bench)\/.*\.(ts|tsx)$/.test(file.path) && !file.path.startsWith('test/tidy')
}

function judge(file: SourceFile, list: Banned[]): Finding[] {
  return list
    .filter(({ unless }) => !unless?.test(file.path))
    .flatMap(({ pattern, instead }) =>
      findAll(file, file.said, pattern, (match) => `"${match[0].trim()}": say ${instead}`),
    )
}

function countDangerous(files: SourceFile[]): Finding[] {
  return dangerous.flatMap(({ name, uses, why }) => {
    const found = files
      .filter(
        (file) => /^(src|emulator|bin|test)\/.*\.(ts|tsx|mjs)$/.test(file.path) && !file.path.startsWith('test/tidy'),
      )
      .flatMap((file) => findAll(file, file.said, new RegExp(`\\b${name}\\b`, 'g'), () => name))
    if (found.length === uses) return []
    const says = `${name} is used ${found.length} times, ${uses} are agreed: ${why}. Agree on it in test/tidy/word-rules.ts`
    return [{ file: found[0]?.file ?? 'test/tidy/word-rules.ts', line: found[0]?.line ?? 1, says }]
  })
}
