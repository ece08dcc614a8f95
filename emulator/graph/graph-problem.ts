/**
 * A request Graph refuses. `code` is the stable part; Exchange's own codes (`Error...`) pass through Graph unchanged
 * (Graph errors page). Thrown by handlers, turned into an answer in one place.
 */
export class GraphProblem extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

export type ProblemStamp = { requestId: string; clientRequestId: string; at: Date }

/** The error body, as every Graph service writes it. */
export function problemBody(problem: { code: string; message: string }, stamp: ProblemStamp): Record<string, unknown> {
  const innerError = {
    date: stamp.at.toISOString().slice(0, 19),
    'request-id': stamp.requestId,
    'client-request-id': stamp.clientRequestId,
  }
  return { error: { code: problem.code, message: problem.message, innerError } }
}

export const itemNotFound = () =>
  new GraphProblem(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')

export const accessDenied = () =>
  new GraphProblem(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')

export const calendarAccessDenied = () =>
  new GraphProblem(
    403,
    'DelegatedCalendarAccessDenied',
    "The caller doesn't have sufficient permissions on the shared calendar.",
  )

export const insufficientPrivileges = () =>
  new GraphProblem(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')

export const invalidRequest = (message: string) => new GraphProblem(400, 'ErrorInvalidRequest', message)

export const badRequest = (message: string) => new GraphProblem(400, 'BadRequest', message)

/** What Outlook says about subscriptions comes through Graph wrapped in a sentence. */
export const extensionError = (status: number, reason: string, sentence: string) =>
  new GraphProblem(
    status,
    'ExtensionError',
    `Operation: Create; Exception: [Status Code: ${reason}; Reason: ${sentence}]`,
  )

export const unknownSegment = (segment: string) => badRequest(`Resource not found for the segment '${segment}'.`)
