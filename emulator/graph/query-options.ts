import { badRequest } from './graph-problem.ts'

/** A request's query, names in any case. */
export type QueryOptions = {
  select: string[] | null
  expand: string | null
  filter: string | null
  orderBy: string | null
  search: string | null
  /** State of a delta query, between rounds and within one. */
  deltaToken: string | null
  skipToken: string | null
  top: number | null
  skip: number
  count: boolean
  /** Parameters without `$`, by their name in lower case: `startdatetime`. */
  parameters: Map<string, string>
}

/** Reads OData query options; a number that is none is refused. */
export function readQuery(url: URL): QueryOptions {
  const values = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]))
  return {
    select:
      values
        .get('$select')
        ?.split(',')
        .map((name) => name.trim())
        .filter(Boolean) ?? null,
    expand: values.get('$expand') ?? null,
    filter: values.get('$filter') ?? null,
    orderBy: values.get('$orderby') ?? null,
    search: values.get('$search') ?? null,
    deltaToken: values.get('$deltatoken') ?? null,
    skipToken: values.get('$skiptoken') ?? null,
    top: wholeNumber('$top', values.get('$top')),
    skip: wholeNumber('$skip', values.get('$skip')) ?? 0,
    count: values.get('$count')?.toLowerCase() === 'true',
    parameters: new Map([...values].filter(([name]) => !name.startsWith('$'))),
  }
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw badRequest(`Invalid value '${text}' for ${name} query option found. It must be a non-negative integer.`)
}
