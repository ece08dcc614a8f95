import { type Credential, listCredentials, readCredential, updateCredential } from '#connections/credential.contract.ts'
import { listEntityProfiles } from '#connections/oauth-app.contract.ts'
import { getOAuthToken } from '#connections/token.contract.ts'
import type { Person } from './person.ts'

export const delegatedUser = 'rooms@contoso.example'

/** The founding page by API: every credential gets the generated profile, and the System ones the delegated user's token. */
export async function followFoundingPage(administrator: Person): Promise<void> {
  for (const name of ['Ms Graph Personal', 'Ms Graph 1', 'Ms Graph 2']) await giveProfile(administrator, name)
  for (const name of ['Ms Graph 1', 'Ms Graph 2']) await getToken(administrator, name, delegatedUser)
}

/** Presses Get OAuth Token and signs in as somebody; answers with the credential as its form then shows it. */
export async function getToken(administrator: Person, name: string, as: string): Promise<Credential> {
  const { id } = await credentialNamed(administrator, name)
  const { url } = await administrator.call(getOAuthToken, { params: { id }, body: {} })
  if (url !== null) await administrator.signInAtMicrosoft(url, as)
  return administrator.call(readCredential, { params: { id } })
}

const personalProfile = 'personalAuth default_profile'

/** Chooses an OAuth entity profile on a credential: the one of the founding page, unless told otherwise. */
export async function giveProfile(administrator: Person, name: string, profileName = personalProfile): Promise<void> {
  const { id, version } = await credentialNamed(administrator, name)
  const { rows } = await administrator.call(listEntityProfiles, { query: { q: profileName } })
  const [profile] = rows
  if (profile === undefined) throw new Error('saving the application registry has not generated a profile')
  await administrator.call(updateCredential, { params: { id }, body: { oauthEntityProfileId: profile.id, version } })
}

export async function credentialNamed(administrator: Person, name: string) {
  const { rows } = await administrator.call(listCredentials, { query: { q: name } })
  const row = rows.find((candidate) => candidate.name === name)
  if (row === undefined) throw new Error(`there is no credential ${name}`)
  return row
}
