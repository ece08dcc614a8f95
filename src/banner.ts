import type { Config } from '#kit/config.ts'
import type { Secret } from '#kit/secret.ts'
import type { VaultState } from '#vault/vault.ts'
import { readDemo } from './demo.ts'

export type BannerFacts = { setupCode: Secret | null; vault: VaultState; projectDir: string }

/** What a newcomer reads after the start: where to go, and as whom. */
export function banner(config: Config, facts: BannerFacts): string {
  const lines = ['', `  Anteroom is ready:  ${config.publicUrl}`, '']
  if (facts.vault.is === 'sealed') lines.push(`  The vault is SEALED. ${facts.vault.because}`, '')
  if (config.demo) lines.push(...demoLines(config, facts.projectDir), '')
  if (facts.setupCode !== null) lines.push(...setupLines(config, facts.setupCode), '')
  return `${lines.join('\n')}\n`
}

function setupLines(config: Config, code: Secret): string[] {
  const why = config.demo
    ? 'Optional here: a local administrator, who does not need Microsoft'
    : 'Create the first administrator'
  return [`  ${why}: ${config.publicUrl}/setup`, `    one-time code: ${code.open('show_once')}   (30 minutes)`]
}

function demoLines(config: Config, projectDir: string): string[] {
  const demo = readDemo(projectDir)
  const [standIn] = config.standIns.list
  const people = [
    ...demo.people.map(({ userPrincipalName, displayName, roles }) => [
      userPrincipalName,
      `${displayName}, ${roles.join(', ') || 'employee'}`,
    ]),
    [
      demo.serviceMailbox.userPrincipalName,
      `${demo.serviceMailbox.displayName}, the delegated user: delegate of every room`,
    ],
  ]
  return [
    ...(standIn ? [`  Local Microsoft 365:  ${standIn.target}   (Outlook: ${standIn.target}/outlook)`, ''] : []),
    `  Sign in with Microsoft as one of these; the password of all is ${demo.password}`,
    ...people.map(([address = '', who = '']) => `    ${address.padEnd(32)} ${who}`),
  ]
}
