import type { ConnectionsDeps } from '#connections/deps.ts'
import { mountSignedIn, type Router } from '#http/mount.ts'
import { readSetup } from './contract.ts'
import { readSetupFacts } from './setup.ts'
import { setupSteps } from './setup-steps.ts'

export function mountScan(router: Router, deps: ConnectionsDeps): void {
  mountSignedIn(router, readSetup, async ({ query }) => {
    const steps = setupSteps(await readSetupFacts(deps, query.applicationScopeKey ?? null))
    const done = steps.filter(({ state }) => state === 'done').length
    return { steps, done, complete: done === steps.length }
  })
}
