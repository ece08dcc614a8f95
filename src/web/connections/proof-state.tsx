import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Meaning } from '../design/meaning.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'

type Proof = { workedAt: string | null; refusedAt: string | null }
type Shown = { meaning: Meaning; word: string; at: string | null }

/** How a client secret or certificate was received the last time; `instead` where something else matters more. */
export function ProofState({ proof, instead }: { proof: Proof; instead?: { meaning: Meaning; word: string } | null }) {
  const { meaning, word, at } = instead ? { ...instead, at: null } : stateOf(proof)
  return (
    <Stack gap={0}>
      <StatusBadge meaning={meaning} word={word} variant="plain" />
      {at === null ? null : (
        <Text size="xs" c="dimmed">
          <When at={at} />
        </Text>
      )}
    </Stack>
  )
}

function stateOf({ workedAt, refusedAt }: Proof): Shown {
  if (refusedAt !== null) return { meaning: 'refused', word: 'Refused', at: refusedAt }
  if (workedAt !== null) return { meaning: 'good', word: 'Works', at: workedAt }
  return { meaning: 'neutral', word: 'Not tried yet', at: null }
}

/** Who set it, and when. */
export function SetBy({ setAt, setBy }: { setAt: string; setBy: string }): ReactNode {
  return (
    <Stack gap={0}>
      <span>{setBy}</span>
      <Text size="xs" c="dimmed">
        <When at={setAt} />
      </Text>
    </Stack>
  )
}
