/**
 * Whose mailbox a path calls, or null when it calls none (`/v1.0/places`). `me` says who the acting account is. Graph writes the same
 * mailbox as `/users/{address}` and, in next links, as `/users('{address}')` (OData 4.01 URL conventions, section 4.3.3).
 *
 * @param path a path or a whole address, as the client is given them
 */
export function mailboxInPath(path: string, me: string | null): string | null {
  const { pathname } = new URL(path, 'https://graph.invalid')
  if (/^\/v1\.0\/me\//i.test(pathname)) return me
  const found = /^\/v1\.0\/users(?:\/([^/]+)|\((?:'|%27)(.+?)(?:'|%27)\))(?:\/|$)/i.exec(pathname)
  const name = found?.[1] ?? found?.[2]
  return name === undefined ? null : decoded(name).toLowerCase()
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
