import { projectDir, run } from './launch.mjs'
import { localTenant } from './local-tenant.mjs'
import { readSettings } from './settings.mjs'

/*
 * `npm run tenant`: the local tenant alone, with the port and the data that `npm start` gives it, which then uses the one
 * that runs. With arguments, it is as they say: `npm run tenant -- --port 5000` keeps nothing.
 */
const { program, args } = localTenant(readSettings(projectDir, process.env), projectDir)
await run(program, process.argv.length > 2 ? process.argv.slice(2) : args)
