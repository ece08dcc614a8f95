import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { prepare, projectDir } from './launch.mjs'
import { whenNpmEnds } from './npm-above.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { say, seconds } from './step.mjs'
import { buildWebIfChanged } from './web-build.mjs'

/*
 * `npm test`: everything a change must pass, as a list of steps that a person can read. The last line counts all of them:
 * `N passed, N failed`. With arguments, only Vitest, with these: `npm test -- src/jobs`.
 */
const { node, env } = await prepare()
const some = process.argv.slice(2)
const report = path.join(projectDir, '.build', 'test', 'vitest.json')
const browser = findBrowser()
const testEnv = browser ? { ...env, ANTEROOM_BROWSER: browser } : env
const results = []
let running = null
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => giveUp(signal))
whenNpmEnds(() => giveUp('SIGTERM'))

if (some.length > 0) {
  await step('tests', vitest(some), countTests)
} else {
  await step('types', ['node_modules/typescript/bin/tsc', '--noEmit'])
  await step('format and lint', [
    'node_modules/@biomejs/biome/bin/biome',
    'ci',
    ...(process.stdout.isTTY ? [] : ['--colors=off']),
  ])
  await step('rules of the house', ['test/tidy.ts'], countLastLine)
  await webBuild()
  if (!browser && env.ANTEROOM_BROWSER === 'required') record('browser', { passed: 0, failed: 1 })
  await step('tests', vitest([]), countTests)
}
summary()

/** Runs a program of the checkout and counts it: as one, or as `count` reads its outcome. */
async function step(name, args, count = countOne) {
  say(`\n--- ${name}`)
  const startedAt = Date.now()
  const { code, lastLine } = await run(args)
  record(name, count(code, lastLine), startedAt)
}

function record(name, { passed, failed }, startedAt) {
  results.push({ name, passed, failed, took: startedAt ? seconds(startedAt) : '' })
}

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(node, args, {
      cwd: projectDir,
      env: testEnv,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running = child
    let tail = ''
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk)
      tail = (tail + chunk).slice(-2000)
    })
    child.on('error', () => resolve({ code: 1, lastLine: '' }))
    child.on('close', (code) => resolve({ code: code ?? 1, lastLine: tail.trim().split('\n').at(-1) ?? '' }))
  })
}

function giveUp(signal) {
  running?.kill(signal)
  process.exit(1)
}

function countOne(code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

function countLastLine(code, lastLine) {
  const found = /(\d+) passed, (\d+) failed/.exec(lastLine)
  return found ? { passed: Number(found[1]), failed: Number(found[2]) } : countOne(code)
}

/** Vitest counts tests; a file that cannot even be loaded has none, and is one failure. */
function countTests(code) {
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const told = JSON.parse(readFileSync(report, 'utf8'))
  const unloadable = told.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const failed = told.numFailedTests + unloadable.length
  // An error outside of any test fails the run without failing a test.
  return { passed: told.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed }
}

function vitest(args) {
  mkdirSync(path.dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const withoutBrowser = browser ? [] : ['--exclude', '**/*.browser.test.ts']
  return [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...withoutBrowser,
    ...args,
  ]
}

async function webBuild() {
  if (!existsSync(path.join(projectDir, 'vite.config.ts'))) return
  say('\n--- web pages')
  const startedAt = Date.now()
  const built = await oneAtATime(projectDir, () => buildWebIfChanged(projectDir, node, env)).then(
    () => 0,
    () => 1,
  )
  record('web pages', countOne(built), startedAt)
}

function findBrowser() {
  const usual = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  return [process.env.ANTEROOM_BROWSER, ...usual].find((file) => file?.startsWith('/') && existsSync(file)) ?? null
}

function summary() {
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failed = results.reduce((sum, result) => sum + result.failed, 0)
  say('')
  for (const result of results) {
    say(
      `${result.failed ? 'FAILED' : '    ok'}  ${result.name}: ${result.passed} passed, ${result.failed} failed  ${result.took}`,
    )
  }
  if (!browser) {
    say('\nNOT RUN: the stories in a real browser (test/stories/*.browser.test.ts), because there is no Chromium here.')
    say('Install it (Debian: apt-get install chromium) or set ANTEROOM_BROWSER to its path.')
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`, () => process.exit(failed === 0 ? 0 : 1))
}
