import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { step } from './step.mjs'

/** Builds the web pages into `.build/web` when anything they are made of has changed since the last time. */
export async function buildWebIfChanged(projectDir, node, env) {
  if (!existsSync(path.join(projectDir, 'vite.config.ts'))) return
  const remembered = path.join(projectDir, '.build', 'web', '.hash')
  const before = existsSync(remembered) ? readFileSync(remembered, 'utf8').trim() : null
  const now = sourceHash(projectDir)
  if (before === now) return
  const why = before === null ? 'they are not built yet' : 'their source has changed'
  await step(
    `Building the web pages, because ${why}`,
    [node, path.join(projectDir, 'node_modules', 'vite', 'bin', 'vite.js'), 'build'],
    {
      cwd: projectDir,
      env: { ...env, NODE_ENV: 'production' },
      advice: 'The lines above are from Vite. `bin/tidy` and `npm test` may name the mistake more plainly.',
    },
  )
  writeFileSync(remembered, `${now}\n`)
}

/** What the pages are made of: their own source, the contracts and small words they share with the server, and the packages. */
function sourceHash(projectDir) {
  const hash = createHash('sha256')
  for (const file of [...sources(projectDir), 'vite.config.ts', 'package.json', 'package-lock.json']) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(projectDir, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function sources(projectDir) {
  const files = readdirSync(path.join(projectDir, 'src'), { recursive: true, withFileTypes: true })
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(projectDir, path.join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => /^src[\\/](web|kit)[\\/]/.test(file) || /contract\.ts$/.test(file))
    .sort()
}
