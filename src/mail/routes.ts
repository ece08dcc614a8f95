import { recordAudit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import type { Jobs } from '#jobs/jobs.ts'
import type { Seams } from '#kit/seams.ts'
import * as contract from './contract.ts'
import { refused } from './errors.ts'
import type { Mailer } from './letter.ts'
import { isMailAddress } from './message.ts'
import type { Post } from './post.ts'
import { countLetters, type LetterRecord, makeDueAgain, readLettersPage } from './queries.ts'

export type MailDeps = {
  db: Database
  seams: Pick<Seams, 'now'>
  jobs: Pick<Jobs, 'add'>
  mailer: Pick<Mailer, 'place' | 'from'>
  post: Post
  /** What browsers call this place; the test letter names it. */
  publicUrl: string
}

type By = { actor: Actor; requestId: string }

/** Where mail goes and what became of it, for administrators. */
export function mountMail(router: Router, deps: MailDeps): void {
  const { db, mailer } = deps
  mount(router, contract.readMail, async () => ({ ...mailer, letters: await countLetters(db) }))
  mount(router, contract.listLetters, async ({ query: { page, pageSize, ...filter } }) => {
    const { rows, total } = await readLettersPage(db, filter, { limit: pageSize, offset: (page - 1) * pageSize })
    return { rows: rows.map(letterRow), total, page, pageSize }
  })
  mountSignedIn(router, contract.sendLetterAgain, ({ params, ...by }) => sendAgain(deps, params.id, by))
  mountSignedIn(router, contract.sendTestLetter, (by) => sendTest(deps, by))
}

async function sendAgain({ db, jobs, seams }: MailDeps, id: string, by: By) {
  return transaction(db, async (trx) => {
    const letter = await makeDueAgain(trx, id, seams.now())
    if (letter === undefined) throw refused('mail.letter_not_found')
    await jobs.add('mail.deliver', {}, { inside: trx, onceFor: 'all' })
    await audited(trx, by, { action: 'mail.send_again', subject: { kind: 'letter', id, name: letter.subject } })
    return letterRow(letter)
  })
}

async function sendTest({ db, post, publicUrl }: MailDeps, by: By): Promise<{ to: string }> {
  const { displayName: name, email } = by.actor
  if (!isMailAddress(email)) throw refused('mail.no_address')
  const subject = `Anteroom: a test letter from ${new URL(publicUrl).host}`
  const text = `${name},\n\nyou asked for this letter on the page Mail of ${publicUrl}. That you read it means that mail arrives.\n`
  await transaction(db, async (trx) => {
    await post(trx, { to: { name, email }, subject, text }, 'mail.test_letter')
    await audited(trx, by, { action: 'mail.test_letter', subject: { kind: 'letter', id: email, name: subject } })
  })
  return { to: email }
}

async function audited(
  trx: Database,
  { actor, requestId }: By,
  done: { action: `mail.${string}`; subject: { kind: string; id: string; name: string } },
): Promise<void> {
  await recordAudit(trx, { ...done, actorId: actor.userId, actorName: actor.displayName, requestId })
}

function letterRow(letter: LetterRecord): contract.LetterRow {
  const { id, subject, about, state, tries, trouble } = letter
  return {
    id,
    to: { name: letter.to_name, email: letter.to_email },
    subject,
    about,
    state,
    writtenAt: letter.written_at.toISOString(),
    sentAt: letter.sent_at?.toISOString() ?? null,
    tries,
    nextTryAt: state === 'waiting' ? letter.due_at.toISOString() : null,
    trouble,
  }
}
