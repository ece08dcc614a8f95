import { CookieJar } from './cookie-jar.ts'

export type SignIn = {
  /** Any authorize or admin consent address on the tenant's origin. */
  authorizeUrl: string
  upn: string
  password: string
  /** Accept (the default) or cancel, should the tenant ask. */
  consent?: boolean
  /** The browser: keep it to sign in again with the session it has by then. */
  jar?: CookieJar
  /** Told the title of every page that was shown. */
  onPage?: (title: string) => void
}

const mostSteps = 12

/**
 * Signs a person in at the tenant's real pages, as a browser without scripts would: follows redirects, fills in and posts the forms, and
 * returns the address the tenant sends the browser back to, with `code` and `state` (or `error`) in it. With `response_mode=form_post` the
 * posted fields are the query of the returned address. Throws with the page's words when the tenant shows a refusal.
 */
export async function signInAtTenant(signIn: SignIn): Promise<string> {
  const jar = signIn.jar ?? new CookieJar()
  const { origin } = new URL(signIn.authorizeUrl)
  let next: Step = { url: signIn.authorizeUrl, form: null }
  for (let step = 0; step < mostSteps; step++) {
    const answer = await browse(jar, next)
    const location = answer.headers.get('location')
    if (location !== null) {
      const target = new URL(location, next.url).href
      if (new URL(target).origin !== origin) return target
      next = { url: target, form: null }
      continue
    }
    const page = await answer.text()
    signIn.onPage?.(textOf(/<title>(.*?)<\/title>/s.exec(page)?.[1] ?? ''))
    next = fillIn(page, signIn, next.url)
    if (new URL(next.url).origin !== origin) return `${next.url}?${next.form ?? ''}`
  }
  throw new Error(`The sign-in of ${signIn.upn} did not end within ${mostSteps} pages.`)
}

type Step = { url: string; form: URLSearchParams | null }

async function browse(jar: CookieJar, { url, form }: Step): Promise<Response> {
  const answer = await fetch(url, {
    method: form === null ? 'GET' : 'POST',
    redirect: 'manual',
    headers: { cookie: jar.header(url), accept: 'text/html' },
    ...(form === null ? {} : { body: form }),
  })
  jar.remember(url, answer)
  return answer
}

function fillIn(page: string, signIn: SignIn, url: string): Step {
  const refusal = /<p class="error"[^>]*>(.*?)<\/p>/s.exec(page)?.[1]
  if (refusal !== undefined) throw new Error(`The tenant refused ${signIn.upn}: ${textOf(refusal)}`)
  const [, action, inside] = /<form[^>]* action="([^"]*)"[^>]*>(.*?)<\/form>/s.exec(page) ?? []
  if (action === undefined || inside === undefined)
    throw new Error(`The tenant showed a page without a form: ${textOf(page)}`)
  const form = hiddenFields(inside)
  const step = form.get('step')
  if (step === 'username') form.set('username', signIn.upn)
  if (step === 'password') form.set('password', signIn.password)
  if (step === 'pick') form.set('account', accountIn(inside, signIn.upn))
  if (step === 'consent') form.set('answer', signIn.consent === false || form.has('needsAdmin') ? 'cancel' : 'accept')
  return { url: new URL(textOf(action), url).href, form }
}

function hiddenFields(html: string): URLSearchParams {
  const fields = new URLSearchParams()
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
    fields.set(textOf(name ?? ''), textOf(value ?? ''))
  }
  return fields
}

/** The picker's row of this person, or "Use another account". */
function accountIn(html: string, upn: string): string {
  const rows = [...html.matchAll(/<button[^>]* value="([^"]*)"[^>]*>(.*?)<\/button>/gs)]
  return (
    rows.find(([, , label]) =>
      textOf(label ?? '')
        .toLowerCase()
        .includes(upn.toLowerCase()),
    )?.[1] ?? 'other'
  )
}

function textOf(html: string): string {
  const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' }
  return html
    .replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, ' ')
    .replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity)
    .replaceAll(/\s+/g, ' ')
    .trim()
}
