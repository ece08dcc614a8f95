import type { z } from 'zod'
import { authorisePersonal, listPersonalConnections } from '#connections/token.contract.ts'
import type { Endpoint } from '#http/contract.ts'
import { readMe, setUp, startMicrosoftSignIn } from '#people/contract.ts'
import { CookieJar } from './cookie-jar.ts'
import { signInAtTenant } from './sign-in-at-tenant.ts'

/** Password of everybody in the demo tenant (demo/contoso.json). */
export const demoPassword = 'Rehearsal-2026'

/** Somebody signed in to Anteroom in a browser of their own, without the browser: cookies, the CSRF token, and typed calls. */
export class Person {
  readonly origin: string
  readonly upn: string
  readonly #jar: CookieJar
  #csrfToken = ''
  /** What came back from Microsoft's pages in addresses: codes and states. */
  readonly #returned: Record<string, string> = {}

  private constructor(origin: string, upn: string, jar: CookieJar) {
    this.origin = origin
    this.upn = upn
    this.#jar = jar
  }

  /** Sign in with Microsoft, through the tenant's real pages. */
  static async signIn(origin: string, upn: string): Promise<Person> {
    const person = new Person(origin, upn, new CookieJar())
    const { url } = await person.call(startMicrosoftSignIn, { body: { returnTo: '/' } })
    await person.signInAtMicrosoft(url, upn)
    const me = await person.call(readMe)
    if (me.person === null) throw new Error(`${upn} is not signed in after signing in`)
    person.#csrfToken = me.csrfToken ?? ''
    return person
  }

  /** The first administrator of an installation, by the one-time code of the start banner: somebody without a Microsoft account. */
  static async setUp(origin: string, code: string): Promise<Person> {
    const person = new Person(origin, 'local administrator', new CookieJar())
    const body = {
      code,
      email: 'first@contoso.example',
      displayName: 'First Administrator',
      password: 'a long walk by the Spree',
    }
    const me = await person.call(setUp, { body })
    person.#csrfToken = me.csrfToken ?? ''
    return person
  }

  /** Every secret this browser has held, by name: for tests that look for them where they must not be. */
  secretsOf(name: string): Record<string, string> {
    const all = { ...this.#jar.values(), ...this.#returned, csrf: this.#csrfToken }
    return Object.fromEntries(Object.entries(all).map(([secret, value]) => [`${name}: ${secret}`, value]))
  }

  /** Presses Authorise on the one personal connection and signs in at Microsoft, as oneself unless told otherwise. */
  async authorise(as: string = this.upn): Promise<void> {
    const { connections } = await this.call(listPersonalConnections)
    const [first] = connections
    if (first === undefined) throw new Error('there is no personal credential to authorise')
    const { url } = await this.call(authorisePersonal, { params: { id: first.credential.id }, body: {} })
    if (url !== null) await this.signInAtMicrosoft(url, as)
  }

  /** Calls one operation; throws with the problem's code and words when it is refused. */
  async call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, A>,
    input: { params?: z.input<P>; query?: z.input<Q>; body?: z.input<B> } = {},
  ): Promise<z.output<A>> {
    const answer = await this.send(endpoint.method, addressOf(endpoint.path, input), input.body)
    if (!answer.ok) throw new Error(`${endpoint.method} ${endpoint.path} -> ${answer.status} ${await answer.text()}`)
    return endpoint.answer.parse(await answer.json())
  }

  async send(method: string, path: string, body?: unknown): Promise<Response> {
    const url = `${this.origin}${path}`
    const writes = method !== 'GET'
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        Cookie: this.#jar.header(url),
        ...(writes
          ? {
              Origin: this.origin,
              'Sec-Fetch-Site': 'same-origin',
              'X-Anteroom-CSRF': this.#csrfToken,
              'Content-Type': 'application/json',
            }
          : {}),
      },
      ...(writes ? { body: JSON.stringify(body ?? {}) } : {}),
    })
    this.#jar.remember(url, answer)
    return answer
  }

  /** Signs in on Microsoft's page that Anteroom sent the browser to, and comes back to Anteroom. */
  async signInAtMicrosoft(authorizeUrl: string, upn: string): Promise<void> {
    const back = await signInAtTenant({ authorizeUrl, upn, password: demoPassword, consent: true })
    for (const secret of ['code', 'state']) {
      const count = Object.keys(this.#returned).length
      this.#returned[`${secret} ${count}`] = new URL(back).searchParams.get(secret) ?? ''
    }
    const answer = await this.send('GET', back.slice(this.origin.length))
    if (answer.status !== 303) throw new Error(`the callback answered ${answer.status} ${await answer.text()}`)
  }
}

function addressOf(path: string, { params, query }: { params?: unknown; query?: unknown }): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  )
  const search = new URLSearchParams(
    Object.entries((query ?? {}) as Record<string, unknown>).map(([name, value]) => [name, String(value)]),
  )
  return search.size > 0 ? `${filled}?${search}` : filled
}
