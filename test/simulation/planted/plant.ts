import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { planted } from './planted-bug.ts'
import { plantedBugNamed } from './planted-bugs.ts'

/* `node --import plant.ts`: loads the engine with the bug that SIMULATION_PLANTED names. Nothing on disk changes. */
const bug = plantedBugNamed(process.env.SIMULATION_PLANTED ?? '')
const source = path.join(import.meta.dirname, '../../../src')

registerHooks({
  load(url, context, nextLoad) {
    const file = url.startsWith('file:') ? fileURLToPath(url) : ''
    const edits = bug.edits.filter((edit) => path.join(source, edit.file) === file)
    if (edits.length === 0) return nextLoad(url, context)
    const text = edits.reduce((sofar, edit) => planted(bug, edit, sofar), readFileSync(file, 'utf8'))
    return { format: 'module-typescript', source: text, shortCircuit: true }
  },
})
