import { CommandProblem } from './surroundings.ts'

type Named = { id: string; name: string }

/** The id of the record that is called so; an id is taken as it is. `list` is told what to search for. */
export async function recordId(
  noun: string,
  text: string,
  list: (query: { q: string; pageSize: number }) => Promise<{ rows: readonly Named[] }>,
): Promise<string> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text
  const { rows } = await list({ q: text, pageSize: 200 })
  const [found, another] = rows.filter(({ name }) => name === text)
  if (found === undefined) throw new CommandProblem(`There is no ${noun} called "${text}".`)
  if (another !== undefined)
    throw new CommandProblem(`Several are called "${text}". Use the id: ${found.id}, ${another.id}.`)
  return found.id
}
