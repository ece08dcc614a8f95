import { homedir } from 'node:os'
import { realSeams } from '#kit/seams.ts'
import { runCommand } from './command-line.ts'
import { readStandardInput } from './standard-input.ts'

// `anteroom alias list | head` closes our output early, which is no mistake.
process.stdout.on('error', (problem: NodeJS.ErrnoException) => process.exit(problem.code === 'EPIPE' ? 0 : 1))

process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env,
  folder: process.cwd(),
  homeFolder: homedir(),
  seams: realSeams,
  readInput: readStandardInput,
  print: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
})
