import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect } from 'vitest'
import type { WireExchange } from './graph.ts'

type Json = Record<string, unknown>
type Document = { paths: Record<string, Record<string, unknown>>; components: { schemas: Record<string, Json> } }

/** Where the description of Graph is looked for: a named file, or beside the repository. It is not part of the project. */
export const graphOpenApiPath = process.env.ANTEROOM_GRAPH_OPENAPI ?? '../shared/data/graph-openapi-subset.json'

/** Finds what is wrong with an answer by Microsoft's description of it; an empty list is right. */
export type GraphDescription = {
  problemsWith: (exchange: WireExchange) => string[]
  /** As `problemsWith`, of something that is sent and not answered: `changeNotificationCollection`. */
  problemsWithType: (type: string, body: unknown) => string[]
}

/** The description of Graph, or null where the file is absent. Properties it does not know count as wrong. */
export function openGraphDescription(): GraphDescription | null {
  if (!existsSync(graphOpenApiPath)) return null
  const document = JSON.parse(readFileSync(graphOpenApiPath, 'utf8')) as Document
  closeSchemas(document.components.schemas)
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
  formats.default(ajv)
  ajv.addSchema(document, 'graph')
  return {
    problemsWith: (exchange) => {
      const pointer = schemaPointer(document, exchange)
      if (pointer === undefined) return [`${label(exchange)}: this answer is not described`]
      if (pointer === null) return exchange.body === '' ? [] : [`${label(exchange)}: has a body and should not`]
      return problemsBy(ajv, pointer, exchange.body).map((problem) => `${label(exchange)}: ${problem}`)
    },
    problemsWithType: (type, body) => problemsBy(ajv, `/components/schemas/microsoft.graph.${type}`, body),
  }
}

function problemsBy(ajv: Ajv2020, pointer: string, body: unknown): string[] {
  const validate = ajv.getSchema(`graph#${pointer}`)
  if (validate === undefined) return ['its schema cannot be read']
  if (validate(body) === true) return []
  const errors = validate.errors ?? []
  return errors.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
}

let description: GraphDescription | null | undefined

/** Fails when one of the answers is not as described. Without the file it can say nothing; openapi.test.ts says so loudly. */
export function expectDescribed(exchanges: WireExchange[]): void {
  description ??= openGraphDescription()
  const problems = exchanges.flatMap((exchange) => description?.problemsWith(exchange) ?? [])
  expect([...new Set(problems)]).toEqual([])
}

/** Pointer to the schema of an answer's body, null where the answer has none, undefined where nothing is described. */
function schemaPointer(document: Document, { method, path, status }: WireExchange): string | null | undefined {
  const template = Object.keys(document.paths).find((candidate) => pathMatches(candidate, path.replace('/v1.0', '')))
  const operation = template && (document.paths[template]?.[method.toLowerCase()] as Json | undefined)
  const responses = operation && (operation.responses as Record<string, Json>)
  const key = responses && [String(status), `${String(status)[0]}XX`].find((one) => one in responses)
  if (!template || !responses || !key) return undefined
  const response = responses[key] ?? {}
  if (typeof response.$ref === 'string') return `${response.$ref.slice(1)}/content/application~1json/schema`
  if (response.content === undefined) return null
  const escaped = encodeURIComponent(template.replaceAll('~', '~0').replaceAll('/', '~1'))
  const type = 'application/json' in (response.content as Json) ? 'application~1json' : 'text~1plain'
  return `/paths/${escaped}/${method.toLowerCase()}/responses/${key}/content/${type}/schema`
}

function pathMatches(template: string, path: string): boolean {
  const [wanted, given] = [template, spelledOut(path)].map((one) =>
    one.replaceAll('microsoft.graph.', 'graph.').replaceAll('()', '').split('/'),
  )
  return (
    wanted?.length === given?.length &&
    (wanted ?? []).every((part, at) => part.startsWith('{') || part.toLowerCase() === given?.[at]?.toLowerCase())
  )
}

/** `Users('ann@contoso.example')` is described as `users/{user-id}`. */
function spelledOut(path: string): string {
  return decodeURIComponent(path).replace(/\('([^']+)'\)/g, '/$1')
}

/**
 * A misspelt property must not pass, so every type that no other builds upon is closed, open types (event, user) among them.
 * Annotations stay free.
 */
function closeSchemas(schemas: Record<string, Json>): void {
  const inheriting = /"allOf":\[\{"\$ref":"#\/components\/schemas\/([^"]+)"/g
  const bases = new Set([...JSON.stringify(schemas).matchAll(inheriting)].map(([, name]) => name))
  for (const [name, schema] of Object.entries(schemas)) {
    const parts = Array.isArray(schema.allOf) ? (schema.allOf as Json[]) : []
    for (const part of [schema, ...parts]) if (part.additionalProperties === true) delete part.additionalProperties
    const isObject = schema.type === 'object' || parts.length > 0
    // resourceData of a notification is open and declares nothing: what is in it is the subscribed resource's.
    const isFree = name.endsWith('.resourceData')
    if (!isObject || isFree || bases.has(name) || name.includes('ODataError')) continue
    Object.assign(schema, { patternProperties: { '@': true }, unevaluatedProperties: false })
  }
}

function label({ method, path, status }: WireExchange): string {
  return `${method} ${path.replace(/AA[\w-]{20,}=*/g, '{id}')} ${status}`
}
