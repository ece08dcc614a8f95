import type { Fault } from '../model.ts'
import type { GraphAnswer } from './graph-call.ts'

type Json = Record<string, unknown>

/** What a fault that lets a request through does to its answer: an empty list, or resources with other properties. */
export function spoiltAnswer(answer: GraphAnswer, fault: Fault | null): GraphAnswer {
  if (fault === null || !isJson(answer.body)) return answer
  const body = fault.emptyList === true && Array.isArray(answer.body.value) ? emptied(answer.body) : answer.body
  return { ...answer, body: fault.spoil === undefined ? body : spoilt(body, fault.spoil) }
}

function emptied(body: Json): Json {
  const { '@odata.nextLink': _, ...rest } = body
  return { ...rest, value: [] }
}

function spoilt(body: Json, spoil: Json): Json {
  if (!Array.isArray(body.value)) return { ...body, ...spoil }
  return { ...body, value: body.value.map((member) => (isJson(member) ? { ...member, ...spoil } : member)) }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
