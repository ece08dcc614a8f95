import { holdsAny } from './access.ts'
import type { GraphAnswer, MailboxCall } from './graph-call.ts'
import { accessDenied } from './graph-problem.ts'
import { mailboxRoutes, type Route } from './router.ts'
import { workingHoursOf } from './schedule.ts'

/** Zone and working hours of a mailbox (Graph user-get-mailboxsettings), read-only here. */
export const mailboxSettingsRoutes: Route[] = mailboxRoutes('GET', '/mailboxSettings', getMailboxSettings)

function getMailboxSettings(call: MailboxCall): GraphAnswer {
  const { token, mailbox, root } = call
  const isOwn = token.accountId === null || token.accountId === mailbox.id
  if (!isOwn || !holdsAny(token, ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'])) throw accessDenied()
  const body = {
    '@odata.context': `${root}/$metadata#users('${mailbox.id}')/mailboxSettings`,
    timeZone: mailbox.timeZone,
    dateFormat: 'yyyy-MM-dd',
    timeFormat: 'HH:mm',
    userPurpose: mailbox.kind === 'room' ? 'room' : 'user',
    workingHours: workingHoursOf(mailbox),
  }
  return { status: 200, body }
}
