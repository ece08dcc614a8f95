import { decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose'
import type { AppCertificate } from '../model.ts'
import type { AppRecord, Tenant } from '../tenant.ts'
import { findClient } from './authority.ts'
import { type EntraProblem, refusal } from './problem.ts'

export type ClientAuthentication = { ok: true; app: AppRecord } | { ok: false; problem: EntraProblem }

export type ClientRequest = {
  form: URLSearchParams
  authorization: string | undefined
  /** `{tenant}` of the path. */
  authority: string
  /** Addresses that name this token endpoint; a client assertion's `aud` must be one. */
  tokenUrls: string[]
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Who is asking: a secret in the body, HTTP Basic, or private_key_jwt (RFC 6749, 2.3; entra-docs, certificate-credentials). */
export async function authenticateClient(tenant: Tenant, request: ClientRequest): Promise<ClientAuthentication> {
  const basic = readBasic(request.authorization)
  const client = findClient(tenant, basic?.clientId ?? request.form.get('client_id') ?? undefined, request.authority)
  if (!client.ok) return client
  const { app } = client
  const secret = basic?.secret ?? request.form.get('client_secret')
  const assertion = request.form.get('client_assertion')
  if (isPublic(app)) return secret === null && assertion === null ? client : { ok: false, problem: refusal(700025) }
  if (assertion !== null) return checkAssertion(tenant, app, request, assertion)
  if (secret === null || secret === '') return { ok: false, problem: refusal(7000218) }
  return checkSecret(tenant, app, secret)
}

/** Apps without any secret or certificate are public clients. */
export function isPublic(app: AppRecord): boolean {
  return app.secrets.length === 0 && app.certificates.length === 0
}

function readBasic(authorization: string | undefined): { clientId: string; secret: string } | null {
  const encoded = /^basic +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const [clientId = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { clientId: formDecode(clientId), secret: formDecode(rest.join(':')) }
}

function checkSecret(tenant: Tenant, app: AppRecord, secret: string): ClientAuthentication {
  const known = app.secrets.find((one) => one.value === secret)
  if (known === undefined) return { ok: false, problem: refusal(7000215, `Application '${app.clientId}'.`) }
  const expired = known.expiresAt !== null && Date.parse(known.expiresAt) <= tenant.now().getTime()
  return expired ? { ok: false, problem: refusal(7000222, `Application '${app.clientId}'.`) } : { ok: true, app }
}

async function checkAssertion(
  tenant: Tenant,
  app: AppRecord,
  request: ClientRequest,
  assertion: string,
): Promise<ClientAuthentication> {
  if (request.form.get('client_assertion_type') !== assertionType) {
    return { ok: false, problem: refusal(900144, "Missing: 'client_assertion_type'.") }
  }
  const certificate = certificateOf(app, assertion)
  if (certificate === undefined) return { ok: false, problem: refusal(700027, 'The certificate is not registered.') }
  try {
    await jwtVerify(assertion, await importJWK(certificate.publicJwk as JWK, algorithmOf(assertion)), {
      algorithms: ['PS256', 'RS256'],
      audience: request.tokenUrls,
      issuer: app.clientId,
      subject: app.clientId,
      requiredClaims: ['exp', 'jti'],
      currentDate: tenant.now(),
      clockTolerance: 300,
    })
    return { ok: true, app }
  } catch (cause) {
    return { ok: false, problem: refusal(700027, cause instanceof Error ? cause.message : '') }
  }
}

function certificateOf(app: AppRecord, assertion: string): AppCertificate | undefined {
  try {
    const header = decodeProtectedHeader(assertion)
    const s256 = header['x5t#S256']
    return app.certificates.find((one) =>
      s256 === undefined ? header.x5t !== undefined && header.x5t === one.thumbprintS1 : s256 === one.thumbprintS256,
    )
  } catch {
    return undefined
  }
}

function algorithmOf(assertion: string): string {
  return decodeProtectedHeader(assertion).alg ?? 'PS256'
}

/** RFC 6749, 2.3.1: both halves of Basic are form-encoded first. A stray percent sign is taken as it stands. */
function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
