import { pino } from 'pino'

/** Structured lines on standard output. Fields are an allow-list by habit: ids, names, counts, durations; never a token, code, cookie or body. */
export type Log = {
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
  error: (fields: object, message: string) => void
}

/** JSON lines for machines; for a person at a terminal the same, shorter. */
export function openLog(level: string, { isTerminal }: { isTerminal: boolean }): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  return isTerminal ? pino(options, { write: (line) => void process.stdout.write(forPeople(line)) }) : pino(options)
}

const words: Record<number, string> = { 10: 'trace', 20: 'debug', 30: '', 40: 'warning', 50: 'ERROR' }

/** One short line, which nothing in it can break or use to steer the terminal. */
export function forPeople(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as { level: number; time: string; msg: string }
  const facts = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const parts = ['  ', time.slice(11, 19), words[level] ?? '', msg, ...facts].filter((part) => part !== '')
  return `${parts.join(' ').replaceAll(/\p{Cc}+/gu, ' ')}\n`
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
