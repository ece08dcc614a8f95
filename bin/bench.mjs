import { run } from './launch.mjs'

await run('bench/main.ts')
