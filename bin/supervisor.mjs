import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { exitConfig } from './settings.mjs'
import { say } from './step.mjs'

const endWithParent = pathToFileURL(path.join(path.dirname(fileURLToPath(import.meta.url)), 'end-with-parent.mjs')).href

/** How long a program may take to finish what it is doing before it is killed. */
const patienceMs = 20_000

/**
 * Runs a few programs that belong together: when one ends, all end. Each is in a process group of its own, so that Ctrl-C
 * reaches only this process, which then stops them in reverse order of their start.
 */
export class Supervisor {
  #node
  #cwd
  #running = []
  #stopping = false

  constructor(node, cwd) {
    this.#node = node
    this.#cwd = cwd
  }

  start(name, args, { env, quiet = false }) {
    const stdio = ['ignore', quiet ? 'pipe' : 'inherit', 'inherit', 'ipc']
    const child = spawn(this.#node, ['--import', endWithParent, ...args], {
      cwd: this.#cwd,
      env,
      stdio,
      detached: true,
    })
    child.stdout?.resume()
    const ended = new Promise((resolve) => {
      child.on('error', (problem) => resolve({ code: 1, how: `could not be started: ${problem.message}` }))
      child.on('exit', (code, signal) =>
        resolve({ code: code || 1, how: signal ? `was ended by ${signal}` : `ended with exit code ${code}` }),
      )
    })
    this.#running.unshift({ name, child, ended })
    ended.then((end) => this.#oneEnded(name, end))
  }

  /** Stops everything, the last started first, and ends this process. */
  async stop(exitCode) {
    if (this.#stopping) return
    this.#stopping = true
    for (const { name, child, ended } of this.#running) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGTERM')
      const overdue = setTimeout(() => {
        say(
          `The ${name} did not stop within ${patienceMs / 1000} s and is killed; what it was doing is taken up at the next start.`,
        )
        child.kill('SIGKILL')
      }, patienceMs)
      await ended
      clearTimeout(overdue)
    }
    process.exit(exitCode)
  }

  /** A program that refused its settings has said everything, and its exit code is ours. */
  #oneEnded(name, { code, how }) {
    if (this.#stopping) return
    if (code !== exitConfig) say(`\nThe ${name} ${how}; its last words are above. Stopping the rest.`)
    void this.stop(code)
  }
}
