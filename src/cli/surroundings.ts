import type { Seams } from '#kit/seams.ts'

/** What a command may touch of the process it runs in; a test brings its own. */
export type Surroundings = {
  environment: Record<string, string | undefined>
  /** The folder it was called in: where `anteroom.env` and `data` are. */
  folder: string
  homeFolder: string
  seams: Seams
  /** What is piped in, or typed unseen: where secrets come from, since others see the words of a command. */
  readInput: () => Promise<string>
  /** Results. */
  print: (text: string) => void
  /** Everything else. */
  complain: (text: string) => void
}

/** Something the person at the keyboard can mend: printed as its one line, without a stack. */
export class CommandProblem extends Error {
  constructor(say: string, cause?: unknown) {
    super(say, { cause })
    this.name = 'CommandProblem'
  }
}
