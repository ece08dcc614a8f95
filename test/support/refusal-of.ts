type Refused = {
  status: number
  code: string
  detail: string
  fields: Record<string, string>
  facts: Record<string, unknown>
}

/** The problem document of an answer that must be a refusal. */
export async function refusalOf(answer: Response): Promise<Refused> {
  if (answer.ok) throw new Error(`${answer.url} was not refused`)
  const problem = (await answer.json()) as Partial<Refused>
  const { code = '', detail = '', fields = {}, facts = {} } = problem
  return { status: answer.status, code, detail, fields, facts }
}
