import { afterAll, beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { type Listening, listen, openRouter } from '#http/server.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { freePort } from '../../test/support/free-port.ts'
import { recordAudit } from './audit.ts'
import type { listAudit, verifyAuditTrail } from './contract.ts'
import { mountAudit } from './routes.ts'

const aliceId = '0198c1a0-0000-7000-8000-00000000a11c'
let database: TestDatabase
let server: Listening
let origin: string

beforeAll(async () => {
  database = await freshDatabase()
  const port = await freePort()
  origin = `http://localhost:${port}`
  const router = openRouter({
    publicUrl: origin,
    newId: realSeams.newId,
    log: silentLog,
    authenticate: async (context) => somebody(context.req.header('x-test-role') ?? 'admin'),
    guardWrite: async () => {},
  })
  mountAudit(router, { db: database.db, seams: realSeams })
  server = await listen(router, { host: 'localhost', port })
  await transaction(database.db, async (trx) => {
    for (let n = 1; n <= 1_200; n++) {
      const byAlice = n % 3 === 0
      await recordAudit(trx, {
        actorId: byAlice ? aliceId : null,
        actorName: byAlice ? 'Alice Meyer' : 'system',
        action: n % 2 === 0 ? 'people.signed_in' : 'connections.update_alias',
        subject: { kind: n % 2 === 0 ? 'user' : 'alias', id: `id ${n}`, name: n === 7 ? '=cmd|/c calc' : `thing ${n}` },
        details: { n },
        requestId: `request-${n}`,
      })
    }
  })
})
afterAll(async () => {
  await server.close()
  await database.drop()
})

function somebody(role: string): Actor {
  const who = { userId: aliceId, displayName: 'Alice', email: '', microsoft: null, sessionId: null }
  return { ...who, roles: new Set([role]), via: 'session' }
}

const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${origin}${path}`, { headers })

async function list(query: string): Promise<z.output<typeof listAudit.answer>> {
  return (await (await ask(`/api/audit?${query}`)).json()) as z.output<typeof listAudit.answer>
}

test('newest first, in pages', async () => {
  const first = await list('pageSize=2')
  expect(first).toMatchObject({ total: 1_200, totalIsAtLeast: false, page: 1, pageSize: 2 })
  expect(first.rows.map(({ seq }) => seq)).toEqual(['1200', '1199'])
  expect((await list('pageSize=2&page=3')).rows.map(({ seq }) => seq)).toEqual(['1196', '1195'])
  expect((await list('pageSize=1&sort=at')).rows[0]).toMatchObject({ seq: '1', actor: { id: null, name: 'system' } })
})

test.each([
  ['who did it', `actorId=${aliceId}`, 400],
  ['what was done', 'action=people.signed_in', 600],
  ['whose business it is', 'feature=connections', 600],
  ['to what', 'subjectKind=alias&subjectId=id%207', 1],
  ['text in a name', 'q=ALICE', 400],
  ['text that looks like a pattern', 'q=%25', 0],
  ['a request', 'q=request-9', 1],
  ['a time before it all', 'to=2020-01-01T00:00:00Z', 0],
  ['a time with its zone', 'from=2020-01-01T00:00:00%2B02:00', 1_200],
  ['several at once', `actorId=${aliceId}&feature=people`, 200],
])('narrowed by %s', async (_, query, total) => {
  expect((await list(query)).total).toBe(total)
})

test('a filter that is no filter is refused, and an unknown order is the usual one', async () => {
  expect((await ask('/api/audit?from=yesterday')).status).toBe(400)
  expect((await ask('/api/audit?feature=people.%25')).status).toBe(400)
  expect((await list('sort=-hash&pageSize=1')).rows[0]?.seq).toBe('1200')
})

test('as CSV, oldest first, and a name cannot become a formula', async () => {
  const answer = await ask('/api/audit/export?feature=connections')
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="anteroom-audit-[\d-]+\.csv"$/)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const lines = (await answer.text()).split('\r\n')
  expect(lines).toHaveLength(602)
  expect(lines[0]).toBe(
    'seq,at,actor_id,actor_name,action,subject_kind,subject_id,subject_name,details,request_id,previous_hash,hash',
  )
  expect(lines[4]).toContain(",id 7,'=cmd|/c calc,")
})

test('as JSON, with the hashes', async () => {
  const answer = await ask('/api/audit/export?format=json')
  const entries = (await answer.json()) as { seq: string; hash: string; previousHash: string }[]
  expect(entries.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1))
  expect(entries[1]?.previousHash).toBe(entries[0]?.hash)
  expect(await (await ask('/api/audit/export?format=json&q=nothing')).json()).toEqual([])
})

test('the chain is checked from the console too', async () => {
  const answer = await ask('/api/audit/verification')
  const { checked, broken, end } = (await answer.json()) as z.output<typeof verifyAuditTrail.answer>
  expect([checked, broken, end?.seq]).toEqual([1_200, null, '1200'])
})

test.each(['/api/audit', '/api/audit/export', '/api/audit/verification'])('%s is for administrators', async (path) => {
  expect((await ask(path, { 'x-test-role': 'oauth_admin' })).status).toBe(403)
})
