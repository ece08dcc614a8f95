import { Anchor, List, Stack, Text } from '@mantine/core'
import type { RevocationReceipt as Receipt } from '#connections/token.contract.ts'
import { Verdict } from '../design/verdict.tsx'
import { When } from '../design/when.tsx'

/** What a revocation ended, what it could not end, and what is left to do. */
export function RevocationReceipt({ receipt }: { receipt: Receipt }) {
  return (
    <Stack gap="xs" role="status">
      <Verdict meaning="good">{receipt.here}</Verdict>
      <Verdict meaning={receipt.revokedAtProvider ? 'good' : 'attention'}>{receipt.atProvider}</Verdict>
      {receipt.accessTokenGoodUntil === null ? null : (
        <Text c="dimmed">
          A copy of the access token, had anybody one, would work until{' '}
          <When at={receipt.accessTokenGoodUntil} variant="absolute" />.
        </Text>
      )}
      {receipt.whatToDo.length === 0 ? null : (
        <List spacing={4}>
          {receipt.whatToDo.map(({ say, url }) => (
            <List.Item key={say}>
              {say}{' '}
              <Anchor href={url} target="_blank" rel="noreferrer" inherit>
                Open {new URL(url).host}
              </Anchor>
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  )
}
