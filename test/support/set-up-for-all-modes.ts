import { followFoundingPage, getToken, giveProfile } from './founding-page.ts'
import type { Person } from './person.ts'

const applicationProfile = 'clientCredentials default_profile'

/** The founding page, and the application's own token for the alias that normal mode and watching use: every mode can then be chosen. */
export async function setUpForAllModes(administrator: Person): Promise<void> {
  await followFoundingPage(administrator)
  await giveProfile(administrator, 'Ms Graph 2', applicationProfile)
  await getToken(administrator, 'Ms Graph 2', administrator.upn)
}
