import type { Database } from '#db/database.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import { LetterRefused, type Mailer } from './letter.ts'
import { claimLetter, type LetterRecord, noteSent, noteTrouble } from './queries.ts'

export type DeliverDeps = { db: Database; log: Log; seams: Pick<Seams, 'now'>; mailer: Mailer }

const minuteMs = 60_000
/** Longer than a mail server is given for one letter (smtp.ts). */
const claimMs = 3 * minuteMs
const pauseMsMax = 60 * minuteMs
/** RFC 5321, section 4.5.4.1: give up after four to five days at the earliest; a warning of something that ends is old news after three. */
const patienceMs = 3 * 24 * 60 * minuteMs

/**
 * Sends every letter that is due, one after the other. A letter that is not taken waits longer each time and does not hold up the others;
 * when the mail server itself is not there, all of them wait for the next run. Sending twice is possible after a crash and only then: the
 * letter keeps its Message-ID, so that mail programs show one.
 */
export async function deliverLetters(deps: DeliverDeps): Promise<void> {
  for (let letter = await claimLetter(deps.db, claimMs); letter; letter = await claimLetter(deps.db, claimMs)) {
    if ((await deliver(deps, letter)) === 'nobody_there') return
  }
}

async function deliver(deps: DeliverDeps, letter: LetterRecord): Promise<'next' | 'nobody_there'> {
  const { id, subject, text, to_name: name, to_email: email, written_at: writtenAt } = letter
  try {
    await deps.mailer.send({ id, writtenAt, subject, text, to: { name, email } })
  } catch (problem) {
    const because = problem instanceof Error ? problem.message : String(problem)
    const again = againAfterMs(deps, letter, problem)
    await noteTrouble(deps.db, id, because, again)
    deps.log.warn({ letter: id, about: letter.about, tries: letter.tries, because }, saying(again))
    return problem instanceof LetterRefused ? 'next' : 'nobody_there'
  }
  await noteSent(deps.db, id, deps.seams.now())
  return 'next'
}

function againAfterMs({ seams }: DeliverDeps, { tries, written_at }: LetterRecord, problem: unknown): number | null {
  if (problem instanceof LetterRefused && problem.forGood) return null
  if (seams.now().getTime() - written_at.getTime() > patienceMs) return null
  return Math.min(minuteMs * 2 ** (tries - 1), pauseMsMax)
}

const saying = (again: number | null) =>
  again === null ? 'a letter could not be sent and is not tried again' : 'a letter could not be sent; it is tried again'
