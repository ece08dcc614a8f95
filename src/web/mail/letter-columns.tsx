import { Button } from '@mantine/core'
import type { LetterRow } from '#mail/contract.ts'
import type { Column } from '../design/data-table.tsx'
import type { Meaning } from '../design/meaning.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'

type Again = { busy: boolean; sendAgain: (id: string) => void }

export function letterColumns(again: Again): readonly Column<LetterRow>[] {
  return [
    {
      key: 'state',
      title: 'State',
      text: ({ state }) => stateWords[state].word,
      cell: ({ state }) => <StatusBadge {...stateWords[state]} variant="plain" />,
    },
    { key: 'to', title: 'To', text: ({ to }) => to.email },
    { key: 'subject', title: 'Subject', text: ({ subject }) => subject },
    {
      key: 'writtenAt',
      title: 'Written',
      room: 'medium',
      text: ({ writtenAt }) => writtenAt,
      cell: ({ writtenAt }) => <When at={writtenAt} />,
    },
    { key: 'tries', title: 'Tries', room: 'wide', text: ({ tries }) => String(tries) },
    { key: 'trouble', title: 'Last trouble', room: 'medium', wraps: true, text: ({ trouble }) => trouble ?? '' },
    {
      key: 'again',
      title: 'Try again',
      text: () => '',
      cell: (letter) => <AgainButton letter={letter} {...again} />,
    },
  ]
}

function AgainButton({ letter: { id, state, subject, to }, busy, sendAgain }: { letter: LetterRow } & Again) {
  if (state === 'sent') return null
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      disabled={busy}
      aria-label={`Try again: ${subject}, to ${to.email}`}
      onClick={() => sendAgain(id)}
    >
      Try again
    </Button>
  )
}

const stateWords: Record<LetterRow['state'], { meaning: Meaning; word: string }> = {
  waiting: { meaning: 'waiting', word: 'Waiting' },
  sent: { meaning: 'good', word: 'Sent' },
  failed: { meaning: 'refused', word: 'Not sent' },
}
