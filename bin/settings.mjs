import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * The settings, before the service reads and checks them itself (src/kit/config.ts): the environment, over the lines
 * `NAME=value` of `ANTEROOM_CONFIG_FILE` or `anteroom.env`. Mistakes in the file are the service's to report.
 */
export function readSettings(projectDir, environment) {
  const file = path.resolve(projectDir, environment.ANTEROOM_CONFIG_FILE ?? 'anteroom.env')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const pairs = lines.map((line) => /^\s*(ANTEROOM_[A-Z0-9_]+)=(.*?)\s*$/.exec(line)).filter(Boolean)
  const fromFile = Object.fromEntries(pairs.map(([, name, value]) => [name, value.replace(/^"(.*)"$/, '$1')]))
  const fromEnvironment = Object.entries(environment).filter(([, value]) => value !== '')
  return { ...fromFile, ...Object.fromEntries(fromEnvironment) }
}
