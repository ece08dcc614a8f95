import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Binding } from '#vault/blob.ts'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile as withProfile,
} from '../../test/support/connections-server.ts'
import { plantTokenHolders } from '../../test/support/token-holders.ts'
import { type GrantSetup, readGrantSetup } from './grant-setup.ts'
import { freshToken } from './refresh.ts'
import { accessTokenBinding, refreshTokenBinding } from './sealing.ts'
import { readToken, type TokenRecord } from './token-queries.ts'

const count = 1_000

let server: ConnectionsServer
let setup: GrantSetup
let tokens: TokenRecord[]
beforeAll(async () => {
  server = await startConnectionsServer()
  const admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  const { id: credentialId } = await withProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
  await plantTokenHolders(server.deps, { credentialId, count, lifeMs: 3_600_000 })
  setup = await readGrantSetup(server.deps.db, credentialId)
  tokens = await server.deps.db.selectFrom('tokens').selectAll().orderBy('id').execute()
})
afterAll(() => server.close())

function opens(blob: Buffer | null, binding: Binding): boolean {
  if (blob === null) throw new Error('a planted token has both secrets')
  try {
    server.deps.vault.open(blob, binding)
    return true
  } catch (problem) {
    expect(problem).toMatchObject({ code: 'vault.auth' })
    return false
  }
}

const next = (index: number) => tokens[(index + 1) % tokens.length] as TokenRecord

test(`${count} tokens open where they belong`, () => {
  expect(tokens).toHaveLength(count)
  expect(tokens.filter((token) => !opens(token.access_token, accessTokenBinding(token, setup.apiUrl)))).toEqual([])
  expect(tokens.filter((token) => !opens(token.refresh_token, refreshTokenBinding(token, setup.app)))).toEqual([])
})

test(`${count} ciphertexts put into the next row: none opens, in its own column or the other`, () => {
  const opened = tokens.filter(
    (token, index) =>
      opens(next(index).access_token, accessTokenBinding(token, setup.apiUrl)) ||
      opens(next(index).refresh_token, refreshTokenBinding(token, setup.app)) ||
      opens(token.refresh_token, accessTokenBinding(token, setup.apiUrl)) ||
      opens(token.access_token, refreshTokenBinding(token, setup.app)),
  )
  expect(opened).toEqual([])
})

test(`${count} ciphertexts whose destination was edited: none opens`, () => {
  const evilApp = { ...setup.app, token_url: setup.app.token_url.replace('login.', 'login-') }
  const otherClient = { ...setup.app, client_id: 'another-app' }
  const opened = tokens.filter(
    (token) =>
      opens(token.access_token, accessTokenBinding(token, 'https://graph.evil.example')) ||
      opens(token.refresh_token, refreshTokenBinding(token, evilApp)) ||
      opens(token.refresh_token, refreshTokenBinding(token, otherClient)) ||
      opens(
        token.access_token,
        accessTokenBinding({ ...token, secret_version: token.secret_version + 1 }, setup.apiUrl),
      ) ||
      opens(token.access_token, accessTokenBinding({ ...token, user_id: next(0).user_id }, setup.apiUrl)),
  )
  // The second of the sorted tokens is the owner that the last line names.
  expect(opened.map(({ id }) => id)).toEqual([next(0).id])
})

test('swapped in the database itself, a token is refused with a sentence, and no call leaves', async () => {
  const [one, other] = tokens
  if (one === undefined || other === undefined) throw new Error('nothing was planted')
  const { db } = server.deps
  await db
    .updateTable('tokens')
    .set({ access_token: other.access_token, refresh_token: other.refresh_token })
    .where('id', '=', one.id)
    .execute()
  server.tenant.tenant.ledger.clear()
  const owner = { credentialId: setup.credential.id, userId: one.user_id }
  await expect(freshToken(server.deps, setup, owner)).rejects.toMatchObject({ code: 'connections.destination_changed' })
  await db
    .updateTable('tokens')
    .set({ access_expires_at: new Date(0) })
    .where('id', '=', one.id)
    .execute()
  await expect(freshToken(server.deps, setup, owner)).rejects.toMatchObject({ code: 'connections.destination_changed' })
  expect((await readToken(db, owner))?.state).toBe('ready')
  expect(server.tenant.ledger()).toEqual([])
})
