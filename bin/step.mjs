import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

/**
 * Runs one command as a step that a person can follow: what and why, a sign of life every ten seconds, and how long it
 * took. What the command prints is shown only when it fails; then the promise is rejected with a `StepFailed`.
 */
export async function step(what, [command, ...args], { cwd, env, advice }) {
  const startedAt = Date.now()
  requireWritable(what, cwd)
  say(`${what} ...`)
  const signOfLife = setInterval(() => say(`  still at it, ${seconds(startedAt)}`), 10_000)
  const { code, output } = await outcome(command, args, { cwd, env })
  clearInterval(signOfLife)
  if (code === 0) return say(`  done in ${seconds(startedAt)}`)
  say(`  failed after ${seconds(startedAt)}: ${[command, ...args].join(' ')}`)
  say(lastLines(output).replaceAll(/^/gm, '  | '))
  say(advice)
  throw new StepFailed(what)
}

/** Every step leaves something behind in the folder it runs in. */
export function requireWritable(what, folder) {
  try {
    accessSync(folder, constants.W_OK)
  } catch (problem) {
    say(`\n${what}: impossible, because this user may not write to ${folder} (${problem.code}).`)
    say('Clone Anteroom into a folder of your own, or start it once as the owner of this one.')
    throw new StepFailed(what)
  }
}

/** Everything about it has been said already. */
export class StepFailed extends Error {}

export function say(line) {
  process.stderr.write(`${line}\n`)
}

export function seconds(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`
}

function outcome(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', (problem) => resolve({ code: 1, output: `${output}\n${problem.message}` }))
    child.on('close', (code) => resolve({ code, output }))
  })
}

function lastLines(output) {
  return output.trim().split('\n').slice(-25).join('\n')
}
