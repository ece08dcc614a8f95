import { mountAudit } from '#audit/routes.ts'
import { type Listening, listen, openRouter } from '#http/server.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams, type Seams } from '#kit/seams.ts'
import { parseStandIns } from '#kit/stand-ins.ts'
import { authenticate } from '#people/authenticate.ts'
import type { Me, Role } from '#people/contract.ts'
import { guardWrite } from '#people/csrf.ts'
import type { MicrosoftSignIn, PeopleDeps } from '#people/deps.ts'
import { ensurePerson } from '#people/known-people.ts'
import { mountPeople } from '#people/routes.ts'
import { newSetupCode } from '#people/setup.ts'
import { CookieJar } from './cookie-jar.ts'
import { freshDatabase } from './database.ts'
import { freePort } from './free-port.ts'

export const adminPassword = 'four unrelated words here'

/** A server with nothing but people and the trail on it, over real HTTP, on a database of its own, with a clock that a test may move. */
export type PeopleServer = {
  deps: PeopleDeps
  origin: string
  /** Moves the server's clock. */
  advance: (ms: number) => void
  close: () => Promise<void>
}

export async function startPeopleServer(
  options: { port?: number; standIns?: string; signIn?: MicrosoftSignIn | null } = {},
): Promise<PeopleServer> {
  const database = await freshDatabase()
  const port = options.port ?? (await freePort())
  const origin = `http://localhost:${port}`
  const standIns = parseStandIns(options.standIns ?? '')
  let movedMs = 0
  const seams: Seams = {
    ...realSeams,
    fetch: standIns.wrap(realSeams.fetch),
    now: () => new Date(realSeams.now().getTime() + movedMs),
  }
  const deps: PeopleDeps = {
    db: database.db,
    seams,
    log: silentLog,
    publicUrl: origin,
    standIns,
    signIn: options.signIn ?? null,
    vaultState: () => ({ is: 'open' }),
    demo: false,
  }
  const listening = await serve(deps, port)
  return {
    deps,
    origin,
    advance: (ms) => {
      movedMs += ms
    },
    close: async () => {
      await listening.close()
      await database.drop()
    },
  }
}

function serve(deps: PeopleDeps, port: number): Promise<Listening> {
  const router = openRouter({
    publicUrl: deps.publicUrl,
    newId: deps.seams.newId,
    log: deps.log,
    authenticate: authenticate(deps),
    guardWrite: guardWrite(deps),
  })
  mountPeople(router, deps)
  mountAudit(router, deps)
  return listen(router, { host: 'localhost', port })
}

export type Sent = { body?: unknown; headers?: Record<string, string> }

/** A browser without the browser: it keeps cookies and says where its requests come from, as browsers do. */
export class TestBrowser {
  readonly jar = new CookieJar()
  readonly #origin: string
  csrfToken = ''

  constructor(server: { origin: string }) {
    this.#origin = server.origin
  }

  async send(method: string, path: string, { body, headers = {} }: Sent = {}): Promise<Response> {
    const url = new URL(path, this.#origin).href
    const writing = method === 'GET' ? {} : this.#writeHeaders()
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { cookie: this.jar.header(url), ...writing, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    this.jar.remember(url, answer)
    return answer
  }

  /** Reads who is signed in, and keeps the CSRF token as pages do. */
  async me(): Promise<Me> {
    const me = (await (await this.send('GET', '/api/people/me')).json()) as Me
    this.csrfToken = me.csrfToken ?? ''
    return me
  }

  async signInWithPassword(email: string, password = adminPassword): Promise<Response> {
    const answer = await this.send('POST', '/api/people/sign-in', { body: { email, password } })
    if (answer.ok) await this.me()
    return answer
  }

  #writeHeaders(): Record<string, string> {
    return {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      ...(this.csrfToken === '' ? {} : { 'x-anteroom-csrf': this.csrfToken }),
    }
  }
}

/** The first administrator, signed in. */
export async function firstAdministrator(server: PeopleServer, email = 'root@contoso.example'): Promise<TestBrowser> {
  const code = await newSetupCode(server.deps)
  const browser = new TestBrowser(server)
  const body = { code: code?.open('show_once'), email, displayName: 'Root', password: adminPassword }
  const answer = await browser.send('POST', '/api/people/setup', { body })
  if (answer.status !== 201) throw new Error(`The first administrator was refused: ${await answer.text()}`)
  await browser.me()
  return browser
}

/** Somebody of Microsoft's directory who is known here. Returns the user's id. */
export async function knownPerson(server: PeopleServer, name: string, roles: Role[] = ['employee']): Promise<string> {
  const { user } = await ensurePerson(server.deps, {
    tenantId: 'ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4',
    objectId: server.deps.seams.newId(),
    email: `${name.toLowerCase().replaceAll(' ', '.')}@contoso.example`,
    displayName: name,
    roles,
    timeZone: null,
  })
  return user.id
}

/** The stable code of a problem answer. */
export async function problemCode(answer: Response): Promise<string> {
  return ((await answer.json()) as { code: string }).code
}
