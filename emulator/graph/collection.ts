import type { GraphAnswer, GraphCall } from './graph-call.ts'
import { badRequest } from './graph-problem.ts'
import { compareValues, readFilter, valueAt } from './odata-filter.ts'
import type { QueryOptions } from './query-options.ts'

type Json = Record<string, unknown>

/** One member of a list: what an answer shows of it, and what `$filter` and `$orderby` look at. */
export type Listed = { row: () => Json; facts: () => Json }

export type CollectionShape = {
  /** What `@odata.context` names: `users('ann')/events`. */
  context: string
  pageSize: number
  pageSizeMax: number
  /** Kept whatever `$select` says. */
  always: string[]
}

/** A page of a list: `$filter`, `$orderby`, `$count`, `$skip`, `$top`, the preferred page size and `$select`, in that order. */
export function collectionAnswer(call: GraphCall, members: Listed[], shape: CollectionShape): GraphAnswer {
  const { query } = call
  const ordered = arranged(members, query)
  const page = ordered.slice(query.skip, query.skip + pageSize(call, shape))
  const skip = query.skip + page.length
  const body = {
    '@odata.context': `${call.root}/$metadata#${shape.context}`,
    ...(query.count ? { '@odata.count': ordered.length } : {}),
    value: page.map((member) => selected(member.row(), query.select, shape.always)),
    ...(skip < ordered.length && page.length > 0 ? { '@odata.nextLink': nextLink(call, skip) } : {}),
  }
  return { status: 200, body }
}

/** Rows that are filtered by what they show. */
export function plainly(rows: Json[]): Listed[] {
  return rows.map((row) => ({ row: () => row, facts: () => row }))
}

/** One resource with its context. */
export function entityAnswer(call: GraphCall, row: Json, context: string, always: string[]): GraphAnswer {
  const body = {
    '@odata.context': `${call.root}/$metadata#${context}/$entity`,
    ...selected(row, call.query.select, always),
  }
  const etag = row['@odata.etag']
  return { status: 200, body, ...(typeof etag === 'string' ? { headers: { etag } } : {}) }
}

/** The properties named by `$select`, in any case, `start/dateTime` meaning all of `start`; annotations and `always` stay. */
export function selected(row: Json, select: string[] | null, always: string[]): Json {
  if (select === null || select.includes('*')) return row
  const wanted = new Set([...always, ...select].map((name) => name.split('/')[0]?.toLowerCase()))
  return Object.fromEntries(
    Object.entries(row).filter(
      ([name]) => name.startsWith('@') || wanted.has((name.split('@')[0] ?? '').toLowerCase()),
    ),
  )
}

function pageSize({ query, preferences }: GraphCall, shape: CollectionShape): number {
  if (query.top === 0 || (query.top ?? 0) > shape.pageSizeMax) {
    throw badRequest(`The limit of '${shape.pageSizeMax}' for Top query has been exceeded or is 0: '${query.top}'.`)
  }
  const preferred = preferences.maxPageSize ?? query.top ?? shape.pageSize
  return Math.min(preferred, query.top ?? preferred, shape.pageSizeMax)
}

function arranged(members: Listed[], { filter, orderBy }: QueryOptions): Listed[] {
  if (filter === null && orderBy === null) return members
  const matches = filter === null ? () => true : readFilter(filter)
  const kept = members.map((member) => ({ member, facts: member.facts() })).filter(({ facts }) => matches(facts))
  const order = orderBy === null ? () => 0 : readOrder(orderBy)
  return kept.toSorted((one, other) => order(one.facts, other.facts)).map(({ member }) => member)
}

function readOrder(orderBy: string): (one: Json, other: Json) => number {
  const keys = orderBy.split(',').map((part) => {
    const [path = '', direction = 'asc'] = part.trim().split(/\s+/)
    return { path: path.split('/'), sign: direction.toLowerCase() === 'desc' ? -1 : 1 }
  })
  return (one, other) =>
    keys.reduce((found, { path, sign }) => found || sign * compareValues(valueAt(one, path), valueAt(other, path)), 0)
}

/** The same request from further on. Query names keep their case; `$skip` is replaced. */
function nextLink(call: GraphCall, skip: number): string {
  const { pathname, searchParams } = call.request.url
  const parameters = [...searchParams].filter(([name]) => name.toLowerCase() !== '$skip')
  const query = [...parameters, ['$skip', String(skip)]]
    .map(
      ([name = '', value = '']) =>
        `${name.startsWith('$') ? name : encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    )
    .join('&')
  return `${call.root}${pathname}?${query}`
}
