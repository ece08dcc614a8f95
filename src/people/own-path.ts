/** Backslashes and control characters: URL parsers treat the first as slashes and drop some of the second. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this refuses
const trickery = /[\\\u0000-\u001f\u007f]/

/**
 * Where to go after signing in, or `/` when the wish is anything but a path of ours: an address that begins at our site and ends
 * at another one is how a sign-in page is borrowed for phishing (RFC 9700 section 4.11.1).
 */
export function ownPath(wish: string, publicUrl: string): string {
  const isPath = wish.startsWith('/') && !wish.startsWith('//') && !trickery.test(wish)
  const url = isPath ? URL.parse(wish, publicUrl) : null
  if (url === null || url.origin !== new URL(publicUrl).origin || url.pathname.startsWith('//')) return '/'
  return `${url.pathname}${url.search}${url.hash}`
}
