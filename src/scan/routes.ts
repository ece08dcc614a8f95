import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import { scan } from './checks.ts'
import { readFindings, readSetup } from './contract.ts'
import { readScanFacts, type ScanDeps } from './scan-facts.ts'
import { readSetupFacts } from './setup.ts'
import { setupSteps } from './setup-steps.ts'
import { syncSteps } from './sync-steps.ts'

export function mountScan(router: Router, deps: ScanDeps): void {
  mountSignedIn(router, readSetup, async ({ query }) => {
    const steps = setupSteps(await readSetupFacts(deps, query.applicationScopeKey ?? null))
    const done = steps.filter(({ state }) => state === 'done').length
    const afterwards = syncSteps(await readScanFacts(deps))
    return { steps, done, complete: done === steps.length, afterwards }
  })
  mount(router, readFindings, async () => scan(await readScanFacts(deps), deps.seams.now()))
}
