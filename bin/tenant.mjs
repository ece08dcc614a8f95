import { run } from './launch.mjs'

await run('emulator/main.ts')
