import { mintAccessToken } from '../../emulator/access-token.ts'
import { type Outlook, outlookOf } from './outlook.ts'
import type { TestTenant } from './tenant.ts'

/** The app that the ledger shows for what people do in Outlook; it is registered nowhere and has limits of its own. */
export const outlookApp = '5d6b6bb7-de71-4623-b4af-96380a352509'

/** Outlook as somebody of the demo has it, signed in: at their own mailbox, unless they open another. */
export function outlookPerson({ tenant, origin }: TestTenant, upn: string, mailbox = upn): Outlook {
  const accountId = tenant.findUser(upn)?.id
  if (accountId === undefined) throw new Error(`The demo data has no ${upn}.`)
  const grant = {
    clientId: outlookApp,
    accountId,
    scopes: ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared'],
    roles: [],
  }
  return outlookOf({ origin, mailbox, bearer: () => mintAccessToken(tenant, grant, 3_600) })
}
