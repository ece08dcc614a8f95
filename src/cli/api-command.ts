import { type Command, InvalidArgumentError } from 'commander'
import type { ApiOptions } from './call-api.ts'

export type ListOptions = ApiOptions & { json?: boolean; search?: string; limit: number }

/** The options of every command that asks the REST API. */
export function withApiOptions(command: Command): Command {
  return command
    .option('--json', 'print the answer of the REST API as JSON')
    .option('--url <address>', 'the server (or ANTEROOM_URL; http://localhost:4400 unless told otherwise)')
    .option(
      '--token <token>',
      'the API token; ANTEROOM_TOKEN or a saved token is safer, since others see your commands',
    )
}

export function withListOptions(command: Command): Command {
  return withApiOptions(command)
    .option('--search <text>', 'only what holds this text')
    .option('--limit <number>', 'how many at most, 1 to 200', readLimit, 50)
}

function readLimit(text: string): number {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > 200)
    throw new InvalidArgumentError('Use a whole number from 1 to 200.')
  return limit
}

/** Reads an option that is a number of days from 1 to `most`. */
export function readDays(most: number): (text: string) => number {
  return (text) => {
    const days = Number(text)
    if (!Number.isInteger(days) || days < 1 || days > most) {
      throw new InvalidArgumentError(`Use a whole number from 1 to ${most}.`)
    }
    return days
  }
}
