import type { Finding, ScanReport } from './contract.ts'
import type { Check } from './finding.ts'
import { connectionUrl } from './findings/connection-url.ts'
import { defaultAliasMissing } from './findings/default-alias-missing.ts'
import { noActiveProvider } from './findings/no-active-provider.ts'
import { noRequest } from './findings/no-request.ts'
import { overrideAliasStranger } from './findings/override-alias-stranger.ts'
import { personalPermission } from './findings/personal-permission.ts'
import { providerCannotAct } from './findings/provider-cannot-act.ts'
import { roomNotConfigured } from './findings/room-not-configured.ts'
import { roomNotWatched } from './findings/room-not-watched.ts'
import { roomProviderInactive } from './findings/room-provider-inactive.ts'
import { synchronizationEnded } from './findings/synchronization-ended.ts'
import type { ScanFacts } from './scan-facts.ts'

/**
 * What is checked, in the order in which it is mended. What other products have to check besides, the database forbids here: a room
 * without a mailbox, two rooms with one mailbox, two configurations of one room.
 */
const checks: readonly Check[] = [
  noActiveProvider,
  defaultAliasMissing,
  overrideAliasStranger,
  connectionUrl,
  providerCannotAct,
  personalPermission,
  synchronizationEnded,
  roomProviderInactive,
  roomNotWatched,
  roomNotConfigured,
  noRequest,
]

/** Pure. Judges the facts by every check. */
export function scan(facts: ScanFacts, at: Date): ScanReport {
  const found = checks.map((check) => ({ check, findings: check.find(facts) }))
  return {
    at: at.toISOString(),
    findings: found.flatMap(({ findings }): Finding[] => findings),
    checks: found.map(({ check: { key, title }, findings }) => ({ key, title, findingCount: findings.length })),
  }
}
