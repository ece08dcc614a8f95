import { delegatedUser, getToken, giveProfile } from './founding-page.ts'
import type { Person } from './person.ts'

const applicationProfile = 'clientCredentials default_profile'

/**
 * Every permission there is, so that any mode can be chosen: the application's own, which also is the best way to watch rooms and comes
 * first so that they are watched with it at once, then what the founding page sets up.
 */
export async function setUpForAllModes(administrator: Person): Promise<void> {
  await giveProfile(administrator, 'Ms Graph 2', applicationProfile)
  await getToken(administrator, 'Ms Graph 2', administrator.upn)
  await giveProfile(administrator, 'Ms Graph Personal')
  await giveProfile(administrator, 'Ms Graph 1')
  await getToken(administrator, 'Ms Graph 1', delegatedUser)
}
