/** Whose permission a call is made with: how the alias that gave the token works. */
export type Permission = 'application' | 'delegated' | 'personal'

/** One call to Graph, as the world sees it between a process and the tenant. */
export type Call = {
  number: number
  process: string
  permission: Permission
  application: string
  /** The account of the token; null for the application's own. */
  account: string | null
  method: string
  /** Below `/v1.0`, without the query. */
  path: string
  query: string
  body: Record<string, unknown> | null
  ifMatch: string | null
  /** The mailbox it is about, in lower case. */
  mailbox: string
  departedMs: number
  /** When the tenant did it; null when it never got there. */
  arrivedMs: number | null
  /** When the answer, or the end of the connection, reached the process. */
  endedMs: number | null
  /** Graph's answer; 0 when none came back. */
  status: number | null
}

export function isWrite({ method, path }: Pick<Call, 'method' | 'path'>): boolean {
  if (method === 'GET') return false
  return !/\/(getSchedule|\$batch)$/i.test(path) && !/^\/subscriptions/.test(path)
}

/** `POST /users/x/events` makes a meeting; `/cancel` and the like below an id do something with one. */
export function eventIdIn({ path }: Pick<Call, 'path'>): string | null {
  const id = /\/events\/([^/]+)/.exec(path)?.[1]
  return id === undefined ? null : decodeURIComponent(id)
}
