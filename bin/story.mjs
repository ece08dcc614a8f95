import { run } from './launch.mjs'

const [name = '', ...more] = process.argv.slice(2)
await run('node_modules/vitest/vitest.mjs', ['run', `test/stories/${name}`, ...more], { web: true })
