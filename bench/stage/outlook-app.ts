import { readDemoSeed } from '../../emulator/seed.ts'
import { outlookApp } from '../../test/support/outlook-person.ts'
import { applicationToken } from './application-token.ts'
import type { TenantProcess } from './tenant-process.ts'

/**
 * What people do in Outlook: an application of its own, since the provider counts every application's calls by itself, that may write in
 * every mailbox.
 * @returns its token
 */
export async function registerOutlook(tenant: TenantProcess): Promise<string> {
  const secret = 'outlook-for-measurements-only'
  const app = { clientId: outlookApp, displayName: 'Outlook', secret, appRoles: ['Calendars.ReadWrite'] }
  await tenant.plant({
    apps: [{ ...app, delegatedScopes: [], callbacks: [], redirectUris: [], optionalIdTokenClaims: [] }],
  })
  return applicationToken(tenant.origin, { tenantId: readDemoSeed().tenant.id, clientId: outlookApp, secret })
}
