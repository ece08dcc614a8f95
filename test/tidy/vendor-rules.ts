import { type Finding, findAll, isTest, type Rule, type SourceFile } from './source-file.ts'

/**
 * A vendor's oddity lives in a function named after it, in one of two places: src/graph, and src/connections/entra.ts.
 * Names are judged, not texts: people must be told plainly whose permission and whose calendar it is.
 */
const home = /^src\/(graph\/|connections\/entra[.-])/
const vendorNames =
  /\b\w*(?:[mM]icrosoft|MICROSOFT|(?<![a-z])[eE]ntra(?![a-z])|Azure|azure|AADSTS|aadsts|[mM]sal(?![a-z]))\w*\b/g

/** Their error codes and protocol words: whoever compares with one of these handles an oddity. */
const vendorCodes =
  /['"`](AADSTS\d*|interaction_required|suberror|consent_required|ErrorItemNotFound|ErrorIrresolvableConflict|ErrorAccessDenied)\b/g

/** Data, not behaviour: records that are shipped word for word, and the names of the hosts they hold. */
const allowed: { file: RegExp; why: string }[] = [
  { file: /^src\/kit\/(config|stand-ins)\.ts$/, why: 'the setting that names the hosts' },
  { file: /^src\/connections\/shipped/, why: 'shipped records' },
  { file: /^src\/web\//, why: 'texts and pictures for people' },
]

/** The button says "Sign in with Microsoft", and what it finds is somebody's Microsoft identity. */
const buttonNames = /microsoft_?(sign_?in|user|identity)|^microsoft$/i

export const vendorRules: Rule[] = [
  {
    name: 'a vendor has one home',
    check: (files) => files.filter(isJudged).flatMap((file) => [...names(file), ...codes(file)]),
  },
]

function isJudged(file: SourceFile): boolean {
  if (!/^src\/[^/]+\/.*\.tsx?$/.test(file.path) || isTest(file) || home.test(file.path)) return false
  return !allowed.some((exception) => exception.file.test(file.path))
}

function names(file: SourceFile): Finding[] {
  const code = file.code.replace(/^import .*$/gm, '')
  const judged = code.replace(/\w+/g, (name) => (buttonNames.test(name) ? name.replace(/\w/g, ' ') : name))
  return findAll(
    file,
    judged,
    vendorNames,
    (match) => `${match[0]}: name it after what it means here, or move it to src/graph or src/connections/entra.ts`,
  )
}

function codes(file: SourceFile): Finding[] {
  return findAll(
    file,
    file.said,
    vendorCodes,
    (match) => `${match[1]} is a vendor's word: move the comparison to src/graph or src/connections/entra.ts`,
  )
}
