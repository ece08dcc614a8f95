import { CommandProblem, type Surroundings } from './surroundings.ts'

/** A secret from the standard input: never from an option, which the list of processes and the shell's history show. */
export async function readSecret({ readInput }: Surroundings): Promise<string> {
  const value = await readInput()
  if (value === '') throw new CommandProblem('Nothing was piped in. Use it like this: … < file')
  return value
}
