/** Where Graph answers: worldwide and in the national clouds ("National cloud deployments"). */
const graphOrigins = new Set([
  'https://graph.microsoft.com',
  'https://graph.microsoft.us',
  'https://dod-graph.microsoft.us',
  'https://microsoftgraph.chinacloudapi.cn',
])

/**
 * What to call for a link (`@odata.nextLink`, `@odata.deltaLink`) of an answer, as path and query, or null when it leads anywhere but to
 * more of the same list. Only its query is taken over: the path stays the one we asked for, so that no answer can have a token carried to
 * another host, or another mailbox read in this one's place.
 *
 * @param listPath path of the list that was asked for, such as `/v1.0/users/mercury%40contoso.example/calendarView/delta`
 */
export function pathInLink(link: string, listPath: string): string | null {
  const url = URL.parse(link)
  if (url === null || !graphOrigins.has(url.origin) || url.username !== '' || url.password !== '') return null
  if (url.search.length < 2 || url.hash !== '') return null
  return resourceOf(url.pathname) === resourceOf(listPath) ? `${listPath}${url.search}` : null
}

/**
 * What kind of list a path names, in one spelling. Graph writes one mailbox as `/users/{name}`, `/users('{name}')` or by its id, calls a
 * primary calendar by its name or not at all, and puts parentheses after functions or not (OData 4.01 URL conventions, section 4).
 */
function resourceOf(pathname: string): string | null {
  const found = /^\/v1\.0\/(?:me|users(?:\/[^/]+|\((?:'|%27)[^/]+(?:'|%27)\)))(?:\/calendar)?\/(.+)$/i.exec(pathname)
  if (found?.[1] !== undefined) return found[1].toLowerCase().replace(/\(\)$/, '')
  return /^\/v1\.0\/(subscriptions)$/i.exec(pathname)?.[1]?.toLowerCase() ?? null
}
