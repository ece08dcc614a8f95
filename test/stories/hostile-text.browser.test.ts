import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import { openStory, type Story } from '../support/story.ts'

/*
 * What a malicious colleague or organizer can write anywhere, shown on every screen: nothing of it may run, open a dialog, load
 * something or turn the text around it. The policy of the pages would stop most of it; browsers report that, and it counts as failed.
 */
const corpus = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  "'-alert(1)-'",
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<iframe src=javascript:alert(1)>',
  '<a href=javascript:alert(1)>click</a>',
  '<math href=javascript:alert(1)>x</math>',
  '<body onload=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '<style>@import "//evil.example/x.css";</style>',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<base href=//evil.example/>',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<form action=//evil.example><button>go</button></form>',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<!--<img src="--><img src=x onerror=alert(1)>">',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '{{constructor.constructor("alert(1)")()}}',
  '</title><script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '\\u003cscript\\u003ealert(1)\\u003c/script\\u003e',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
  '<scr\u200bipt>alert(1)</script>',
  '＜script＞alert(1)＜/script＞',
  'invoice\u202Egpj.exe',
  '\u2066\u2067reversed\u2069',
]
const everything = corpus.join(' ')

let story: Story
let reservationId = ''
const dialogs: string[] = []
const strangers: string[] = []

beforeAll(async () => {
  story = await openStory()
  await plant()
}, 120_000)
afterAll(() => story.close())

/** Behind all doors, as if each of them had let it through. */
async function plant(): Promise<void> {
  const { db } = story.database
  await sql`update users set display_name = left(${everything}, 250) where email like 'bob%'`.execute(db)
  await sql`update rooms set name = left(${everything}, 200) where id = (select id from rooms order by name limit 1)`.execute(
    db,
  )
  await sql`update buildings set name = left(${everything}, 200) where id = (select id from buildings limit 1)`.execute(
    db,
  )
  await sql`update aliases set description = ${everything}`.execute(db)
  await sql`update connections set name = left(${everything}, 100) || id`.execute(db)
  await sql`update credentials set comments = ${everything}, name = left(${everything}, 100) || id`.execute(db)
  await sql`update oauth_apps set comments = ${everything}, name = left(${everything}, 100) || id`.execute(db)
  reservationId = realSeams.newId()
  const startsAt = new Date(realSeams.now().getTime() + 3_600_000)
  await sql`insert into reservations
    (id, room_id, requested_for_id, opened_by_id, source, state, state_reason, subject, notes, starts_at, ends_at, time_zone, created_at, updated_at)
    select ${reservationId}, (select id from rooms order by name limit 1), id, id, 'portal', 'declined', ${everything},
      left(${everything}, 250), ${everything}, ${startsAt}, ${new Date(startsAt.getTime() + 3_600_000)}, 'Europe/Berlin', now(), now()
    from users where email like 'ada%'`.execute(db)
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(`${story.anteroom.origin}${path}`, { waitUntil: 'networkidle' })
  await page.locator('h1').first().waitFor()
  const planted = await page.locator('img[src="x"], iframe, base, [onerror], [onload], [href^="javascript:"]').count()
  expect(planted, path).toBe(0)
}

test('shown on every screen, it stays text', async () => {
  const page = await story.signIn('ada.admin@contoso.example')
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (new URL(request.url()).hostname.endsWith('evil.example')) strangers.push(request.url())
  })
  const { db } = story.database
  const idOf = async (table: string) =>
    (await sql<{ id: string }>`select id from ${sql.table(table)} limit 1`.execute(db)).rows[0]?.id
  const paths = [
    '/',
    '/reservations',
    `/reservations/${reservationId}`,
    '/my-connections',
    '/account',
    '/console',
    '/console/aliases',
    `/console/aliases/${await idOf('aliases')}`,
    '/console/connections',
    `/console/connections/${await idOf('connections')}`,
    '/console/credentials',
    `/console/credentials/${await idOf('credentials')}`,
    '/console/oauth-apps',
    `/console/oauth-apps/${await idOf('oauth_apps')}`,
    '/console/users',
    '/console/audit',
    `/console/users?q=${encodeURIComponent(corpus[3] ?? '')}`,
    `/sign-in?problem=${encodeURIComponent(everything)}`,
  ]
  for (const path of paths) await visit(page, path)
  expect({ dialogs, strangers, complaints: story.complaints }).toEqual({ dialogs: [], strangers: [], complaints: [] })
}, 120_000)

test('a name in a list cannot turn the text around it', async () => {
  const page = await story.signIn('ada.admin@contoso.example', { path: '/console/connections' })
  await page.getByRole('row').nth(1).waitFor()
  expect(await page.getByRole('table').innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/)
}, 60_000)
