import { readFileSync } from 'node:fs'
import path from 'node:path'

/** EX_CONFIG of sysexits, as the service itself ends with when a setting is wrong. */
export const exitConfig = 78

/**
 * The settings, before the service reads and checks them itself (src/kit/config.ts): the environment, over the lines
 * `NAME=value` of `ANTEROOM_CONFIG_FILE` or `anteroom.env`. Mistakes in the file are the service's to report.
 */
export function readSettings(projectDir, environment) {
  const lines = fileLines(path.resolve(projectDir, environment.ANTEROOM_CONFIG_FILE || 'anteroom.env'))
  const pairs = lines.map((line) => /^\s*(ANTEROOM_[A-Z0-9_]+)\s*=\s*(.*?)\s*$/.exec(line)).filter(Boolean)
  const fromFile = pairs.map(([, name, value]) => [name, value.replace(/^"(.*)"$/, '$1')])
  return Object.fromEntries([...fromFile, ...Object.entries(environment)].filter(([, value]) => value !== ''))
}

/** A port, which is checked here because it is used before the service starts. */
export function portOf(settings, name, standard) {
  const value = settings[name] ?? String(standard)
  if (/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535) return Number(value)
  return refuseSetting(name, `"${value}" is not a whole number from 1 to 65535`, standard)
}

export function switchOf(settings, name) {
  const value = settings[name] ?? 'on'
  if (value === 'on' || value === 'off') return value === 'on'
  return refuseSetting(name, `"${value}" is neither on nor off`, 'off')
}

/** Ends with the words of src/main.ts. */
export function refuseSetting(name, problem, example) {
  process.stderr.write(
    `\nThis setting is wrong:\n\n  ${name}: ${problem}\n  Example: ${name}=${example}\n\nNothing was started.\n`,
  )
  process.exit(exitConfig)
}

function fileLines(file) {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}
