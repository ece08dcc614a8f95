import { run } from './launch.mjs'

const [name = '', ...more] = process.argv.slice(2)
// `bin/story sync` is no journey of one person: it is many runs of the simulation (docs/simulation.md).
if (name === 'sync') await run('test/simulation/main.ts', more)
else await run('node_modules/vitest/vitest.mjs', ['run', `test/stories/${name}`, ...more], { web: true })
