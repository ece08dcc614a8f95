/** An application's own token, straight from the tenant (RFC 6749 section 4.4). It is good for longer than any measurement. */
export async function applicationToken(
  origin: string,
  { tenantId, clientId, secret }: { tenantId: string; clientId: string; secret: string },
): Promise<string> {
  const answer = await fetch(`${origin}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  })
  const { access_token: token } = (await answer.json()) as { access_token?: string }
  if (token === undefined) throw new Error(`The tenant gave ${clientId} no token: ${answer.status}`)
  return token
}
