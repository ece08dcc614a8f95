import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Secret } from '#kit/secret.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

type Place = Pick<Surroundings, 'environment' | 'homeFolder'>

/** `~/.config/anteroom/token`, or where XDG_CONFIG_HOME says (XDG Base Directory Specification). */
export function savedTokenPath({ environment, homeFolder }: Place): string {
  return join(environment.XDG_CONFIG_HOME || join(homeFolder, '.config'), 'anteroom', 'token')
}

/** Readable by its owner alone. Replaces an older one. */
export function saveToken(place: Place, token: Secret): string {
  const path = savedTokenPath(place)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${token.open('show_once')}\n`, { mode: 0o600 })
  return path
}

/**
 * The API token to use: the option, then ANTEROOM_TOKEN, then the saved one.
 * @throws CommandProblem when there is none, or others on this machine can read the saved one.
 */
export function apiToken(place: Place, option: string | undefined): Secret {
  const given = option ?? place.environment.ANTEROOM_TOKEN
  if (given) return new Secret(given.trim())
  const path = savedTokenPath(place)
  const text = readIfPresent(path)
  if (text === null) {
    throw new CommandProblem(
      'An API token is needed. On the server run "anteroom api-token create --user YOUR_EMAIL --save", or set ANTEROOM_TOKEN.',
    )
  }
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new CommandProblem(`Others on this machine can read ${path}. Run "chmod 600 ${path}" and try again.`)
  }
  return new Secret(text.trim())
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
