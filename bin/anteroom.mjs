#!/usr/bin/env node
import { run } from './launch.mjs'

await run('src/cli/main.ts')
