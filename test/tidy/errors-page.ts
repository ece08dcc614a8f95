import { glob } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

type Told = { status: number; say: string }

const head = `# Errors

Every refusal over HTTP is an \`application/problem+json\` document (RFC 9457) whose \`code\` is one of these. A code never
changes its meaning. The first half names the part of Anteroom that refused. Scripts should look at \`code\`, never at the text.

This page is written by \`bin/tidy --write\` from the \`errors.ts\` files; a test compares them.
`

/** docs/errors.md as it should be, from the lists in the code itself. */
export async function errorsPage(projectDir: string): Promise<string> {
  const files = (await Array.fromAsync(glob('src/*/errors.ts', { cwd: projectDir }))).sort()
  const sections = await Promise.all(files.map((file) => section(projectDir, file)))
  return [head, ...sections].join('\n')
}

async function section(projectDir: string, file: string): Promise<string> {
  const exported: Record<string, unknown> = await import(pathToFileURL(path.join(projectDir, file)).href)
  const lists = Object.values(exported).filter((value) => typeof value === 'object' && value !== null)
  const rows = lists.flatMap((list) => Object.entries(list as Record<string, Told>))
  const lines = rows.map(([code, { status, say }]) => `| \`${code}\` | ${status} | ${say.replaceAll('|', '\\|')} |`)
  return [
    `## ${file.split(/[\\/]/)[1]}\n`,
    '| code | status | what it says |',
    '| --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}
