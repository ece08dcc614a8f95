import { run } from './launch.mjs'

await run('test/tidy.ts')
