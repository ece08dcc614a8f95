import { z } from 'zod'
import type { Endpoint } from './contract.ts'
import { httpErrors } from './errors.ts'
import { scopesFor } from './token-scope.ts'

/** The OpenAPI 3.1 document, made from the same values that the server is mounted from. */
export function openApiDocument(endpoints: readonly Endpoint[], publicUrl: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const definition of endpoints) {
    paths[definition.path] = { ...paths[definition.path], [definition.method.toLowerCase()]: operation(definition) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Anteroom',
      version: '1',
      description: 'What a person can do by clicking, a script can do with an API token.',
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      securitySchemes: { apiToken: { type: 'http', scheme: 'bearer', description: 'An API token: an_pat_…' } },
      schemas: { Problem: problemSchema },
    },
  }
}

function operation(definition: Endpoint): object {
  const status = String(definition.status ?? 200)
  return {
    operationId: operationId(definition),
    summary: definition.summary,
    tags: [definition.path.split('/')[2]],
    ...(definition.access === 'anyone' ? {} : { security: [{ apiToken: [] }] }),
    ...(Array.isArray(definition.access) ? { 'x-roles': ['admin', ...definition.access] } : {}),
    'x-token-scopes': scopesFor(definition.method, definition.path),
    parameters: [...parameters('path', definition.params), ...parameters('query', definition.query)],
    ...(definition.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(definition.body, 'input') } },
          },
        }
      : {}),
    responses: {
      [status]: {
        description: 'Done',
        content: answerContent(definition),
      },
      default: {
        description: `A problem. Codes: ${[...(definition.errors ?? []), ...Object.keys(httpErrors)].join(', ')}`,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function answerContent({ answer, media = ['application/json'] }: Endpoint): object {
  return Object.fromEntries(media.map((type) => [type, { schema: jsonSchema(answer, 'output') }]))
}

function operationId(definition: Endpoint): string {
  const words = definition.path
    .slice('/api/'.length)
    .split('/')
    .map((part) => part.replaceAll(/[{}]/g, ''))
  return [definition.method.toLowerCase(), ...words].join('_').replaceAll('-', '_')
}

function parameters(where: 'path' | 'query', shape: z.ZodType | undefined): object[] {
  if (shape === undefined) return []
  const schema = jsonSchema(shape, 'input') as {
    properties?: Record<string, { description?: string }>
    required?: string[]
  }
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || (schema.required ?? []).includes(name),
    ...(property.description ? { description: property.description } : {}),
    schema: property,
  }))
}

function jsonSchema(shape: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  }) as Record<string, unknown>
  return schema
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem document',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable for ever; listed in docs/errors.md' },
    detail: { type: 'string', description: 'What happened, why, and what to do next' },
    requestId: { type: 'string' },
    fields: { type: 'object', additionalProperties: { type: 'string' }, description: 'Messages beside fields' },
    facts: { type: 'object', additionalProperties: true },
  },
}
