import { z } from 'zod'
import { faultResponse, hasAnswer } from '../fault-answers.ts'
import { takeFault } from '../faults.ts'
import { holderOf, recordEntry } from '../ledger.ts'
import { dispatch, type GraphService } from './dispatch.ts'
import type { GraphRequest, Outcome } from './graph-call.ts'
import { badRequest, GraphProblem, problemBody } from './graph-problem.ts'

const step = z.object({
  id: z.string().min(1),
  method: z.string().transform((method) => method.toUpperCase()),
  url: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).optional(),
})
const batchShape = z.object({ requests: z.array(step) })

type Step = z.infer<typeof step>
type StepAnswer = { id: string; status: number; headers: Record<string, string>; body?: unknown }

const stepsMax = 20
/** Outlook does the unordered steps of a batch this many at a time. */
const stepsAtOnce = 4

/**
 * `POST /$batch` (Graph JSON batching). Always 200 when the batch itself can be read: each step has its own status, its own line in
 * the ledger and its own throttling. Steps run four at a time; a step waits for those it depends on, and fails with 424 if they did.
 */
export async function answerBatch(service: GraphService, outer: GraphRequest): Promise<{ responses: StepAnswer[] }> {
  const steps = readSteps(outer.body)
  const slots = new Slots(stepsAtOnce)
  const running = new Map<string, Promise<StepAnswer>>()
  for (const one of inOrder(steps)) {
    const earlier = (one.dependsOn ?? []).map((id) => running.get(id.toLowerCase()))
    running.set(one.id.toLowerCase(), answerStep(service, outer, { one, earlier, slots }))
  }
  return { responses: await Promise.all(running.values()) }
}

type Turn = { one: Step; earlier: (Promise<StepAnswer> | undefined)[]; slots: Slots }

async function answerStep(service: GraphService, outer: GraphRequest, turn: Turn): Promise<StepAnswer> {
  const { one, earlier, slots } = turn
  const answers = await Promise.all(earlier)
  const request = requestOf(service, one, outer)
  const failed = answers.some((answer) => answer === undefined || answer.status >= 400)
  const outcome = failed ? failedDependency(service, request) : await slots.run(() => carriedOut(service, request))
  record(service, outer, request, outcome)
  const { status, headers = {}, body } = outcome
  return { id: one.id, status, headers, ...(body === undefined ? {} : { body }) }
}

/** Scripted faults reach the steps of a batch as they reach requests of their own; dropping the connection of one step they cannot. */
async function carriedOut(service: GraphService, request: GraphRequest): Promise<Outcome & { faultId?: string }> {
  const { tenant } = service
  const { method, token } = request
  const fault = takeFault(tenant, { method, path: `/v1.0${request.url.pathname}`, bearer: { ok: true, token } })
  if (fault === null) return dispatch(service, request)
  if (fault.delayMs > 0) await tenant.wait(fault.delayMs)
  if (!hasAnswer(fault)) return { ...(await dispatch(service, { ...request, fault })), faultId: fault.id }
  // A body that never ends would keep the whole batch from its end.
  const isEndless = fault.answer === 'endlessBody'
  const response = faultResponse(tenant, isEndless ? { ...fault, answer: 'truncated' } : fault)
  const headers = Object.fromEntries(response.headers)
  const body = bodyOf(await response.text())
  return { status: response.status, headers, body, mailbox: null, errorCode: null, faultId: fault.id }
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function readSteps(text: string): Step[] {
  const parsed = batchShape.safeParse(jsonOf(text))
  if (!parsed.success) throw badRequest('Invalid batch payload format.')
  const { requests } = parsed.data
  if (requests.length > stepsMax) {
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${stepsMax}.`)
  }
  const ids = requests.map(({ id }) => id.toLowerCase())
  if (new Set(ids).size < ids.length) throw badRequest('Request ids in a batch must be unique.')
  for (const one of requests) refuseStep(one, ids)
  refuseMixedOrder(requests)
  return requests
}

function refuseStep(one: Step, ids: string[]): void {
  if (/^[a-z]+:\/\//i.test(one.url) || /^\/?\$batch/i.test(one.url)) {
    throw badRequest(`Invalid batch request URL '${one.url}': it must be relative and not a batch.`)
  }
  const hasType = Object.keys(one.headers ?? {}).some((name) => name.toLowerCase() === 'content-type')
  const writes = one.method === 'POST' || one.method === 'PATCH' || one.method === 'PUT'
  if ((writes && one.body === undefined) || (one.body !== undefined && !hasType)) {
    throw badRequest(`Write request id : ${one.id} does not contain Content-Type header or body.`)
  }
  if (
    (one.dependsOn ?? []).some((id) => !ids.includes(id.toLowerCase()) || id.toLowerCase() === one.id.toLowerCase())
  ) {
    throw badRequest(`Request id : ${one.id} depends on a request that is not in the batch.`)
  }
}

/** Fully parallel, fully serial, or all on one: anything else is refused. */
function refuseMixedOrder(steps: Step[]): void {
  const depending = steps.filter((one) => (one.dependsOn ?? []).length > 0)
  if (depending.length === 0) return
  const everyoneButOne = depending.length === steps.length - 1
  if (everyoneButOne && depending.every((one) => one.dependsOn?.length === 1)) return
  throw badRequest('The dependsOn of a batch must be all serial, all parallel, or all on the same request.')
}

/** Each step after those it depends on. */
function inOrder(steps: Step[]): Step[] {
  const placed: Step[] = []
  const waiting = [...steps]
  while (waiting.length > 0) {
    const index = waiting.findIndex((one) =>
      (one.dependsOn ?? []).every((id) => placed.some((done) => done.id.toLowerCase() === id.toLowerCase())),
    )
    const [next] = index === -1 ? [] : waiting.splice(index, 1)
    if (next === undefined) throw badRequest('The dependsOn of a batch goes round in a circle.')
    placed.push(next)
  }
  return placed
}

function requestOf({ tenant }: GraphService, one: Step, outer: GraphRequest): GraphRequest {
  const headers = new Headers(one.headers)
  const url = new URL(one.url.replace(/^\/?(v1\.0\/)?/i, '/'), outer.url.origin)
  const body = one.body === undefined ? '' : JSON.stringify(one.body)
  return { method: one.method, url, headers, body, requestId: tenant.chance.uuid(), token: outer.token, fault: null }
}

function failedDependency({ tenant }: GraphService, request: GraphRequest): Outcome {
  const code = 'FailedDependency'
  const { requestId } = request
  const stamp = { requestId, clientRequestId: requestId, at: tenant.now() }
  const body = problemBody({ code, message: 'A request this one depends on failed.' }, stamp)
  return { status: 424, headers: { 'content-type': 'application/json' }, body, mailbox: null, errorCode: code }
}

function record(
  service: GraphService,
  outer: GraphRequest,
  request: GraphRequest,
  outcome: Outcome & { faultId?: string },
): void {
  recordEntry(service.tenant, {
    surface: 'graph',
    method: request.method,
    path: `/v1.0${request.url.pathname}`,
    status: outcome.status,
    requestId: request.requestId,
    clientRequestId: request.headers.get('client-request-id'),
    mailbox: outcome.mailbox,
    errorCode: outcome.errorCode,
    batchId: outer.requestId,
    faultId: outcome.faultId ?? null,
    ...holderOf(service.tenant, { ok: true, token: outer.token }),
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new GraphProblem(400, 'BadRequest', 'Unable to read JSON request payload.')
  }
}

/** Lets so many pieces of work run at once; the others wait their turn. */
class Slots {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  async run<R>(work: () => Promise<R>): Promise<R> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#free -= 1
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}
