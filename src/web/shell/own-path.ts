/** A path of this site, or `/` for anything that would lead elsewhere: an address bar is not to be trusted with a redirect. */
export function ownPath(path: string | undefined): string {
  const here = 'https://here.invalid'
  if (path === undefined || !path.startsWith('/') || !URL.canParse(path, here)) return '/'
  const target = new URL(path, here)
  return target.origin === here ? target.pathname + target.search + target.hash : '/'
}

/** The same path with one more parameter in its query. */
export function ownPathWith(path: string | undefined, name: string, value: string): string {
  const target = new URL(ownPath(path), 'https://here.invalid')
  target.searchParams.set(name, value)
  return target.pathname + target.search + target.hash
}
