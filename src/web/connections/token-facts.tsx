import { Group, Text } from '@mantine/core'
import type { TokenPanel } from '#connections/token.contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { spanOf, useNow, When } from '../design/when.tsx'

/** The facts of one token: account, scopes, how long, by whom, and the last live call. Used by the console and by My connections. */
export function TokenFacts({ token }: { token: TokenPanel }) {
  return (
    <KeyValue
      items={[
        { label: 'Account', value: token.account && <Account account={token.account} /> },
        { label: 'Scopes', value: token.scopes.length === 0 ? null : <Scopes scopes={token.scopes} /> },
        { label: 'Access token', value: token.accessExpiresAt && <TimeLeft until={token.accessExpiresAt} /> },
        {
          label: 'Works until',
          value: token.worksUntil && (
            <>
              <When at={token.worksUntil} variant="absolute" /> if it is not used before
            </>
          ),
        },
        {
          label: 'Obtained by',
          value: token.obtainedAt && (
            <>
              {token.obtainedBy ?? 'Unknown'}, <When at={token.obtainedAt} />
            </>
          ),
        },
        { label: 'Refreshed', value: token.refreshedAt && <When at={token.refreshedAt} /> },
        { label: 'Last used', value: token.lastUsedAt && <When at={token.lastUsedAt} /> },
        { label: 'Live test', value: token.probe && <Probe probe={token.probe} /> },
        { label: 'Last error', value: token.lastError && <LastError error={token.lastError} /> },
      ]}
    />
  )
}

function Account({ account }: { account: NonNullable<TokenPanel['account']> }) {
  return (
    <Group gap="xs">
      <span>
        {account.name}{' '}
        <Text span inherit c="dimmed">
          {account.email}
        </Text>
      </span>
      {account.matchesExpected ? (
        <StatusBadge meaning="good" word="matches delegated user" />
      ) : (
        <StatusBadge meaning="refused" word="is not the delegated user" />
      )}
    </Group>
  )
}

function Scopes({ scopes }: { scopes: TokenPanel['scopes'] }) {
  return (
    <Group gap={6}>
      {scopes.map(({ scope, asked, granted }) => (
        <StatusBadge
          key={scope}
          meaning={granted ? (asked ? 'good' : 'neutral') : 'refused'}
          word={granted ? (asked ? scope : `${scope} (not asked for)`) : `${scope} not granted`}
        />
      ))}
    </Group>
  )
}

function TimeLeft({ until }: { until: string }) {
  const left = new Date(until).getTime() - useNow().getTime()
  return left > 0 ? `${spanOf(left)} left` : `Expired ${spanOf(left)} ago; it is renewed when it is next needed`
}

function Probe({ probe }: { probe: NonNullable<TokenPanel['probe']> }) {
  return (
    <Group gap="xs">
      <StatusBadge meaning={probe.ok ? 'good' : 'refused'} word={probe.ok ? 'Passed' : 'Failed'} />
      <span>
        {probe.say}{' '}
        <Text span inherit c="dimmed">
          <When at={probe.at} />
        </Text>
      </span>
    </Group>
  )
}

function LastError({ error }: { error: NonNullable<TokenPanel['lastError']> }) {
  return (
    <>
      {error.say}{' '}
      <Text span inherit c="dimmed">
        <When at={error.at} /> · {error.code}
      </Text>
    </>
  )
}
