import { Button, Group, Modal, Stack } from '@mantine/core'
import type { AuditEntryRow } from '#audit/contract.ts'
import { CopyText } from '../design/copy-text.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { kindWords } from './audit-columns.tsx'
import { EntryDetails } from './entry-details.tsx'

type EntryDialogProps = {
  entry: AuditEntryRow
  onClose: () => void
  onNarrow: (filters: Record<string, string>) => void
}

/** Everything an entry says, and the ways from it to its neighbours. */
export function EntryDialog({ entry, onClose, onNarrow }: EntryDialogProps) {
  const { seq, at, actor, action, subject, details, requestId, previousHash, hash } = entry
  return (
    <Modal opened onClose={onClose} size="lg" title={`Entry ${seq}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        <KeyValue
          items={[
            { label: 'At', value: at },
            { label: 'Who', value: actor.name },
            { label: 'Action', value: action },
            { label: 'Subject', value: `${kindWords(subject.kind)} ${subject.name}` },
            { label: 'Subject id', value: subject.id },
            { label: 'Request', value: requestId === null ? null : <CopyText text={requestId} what="request id" /> },
            { label: 'Hash', value: <CopyText text={hash} what="hash" /> },
            { label: 'Hash before', value: <CopyText text={previousHash} what="hash of the entry before" /> },
          ]}
        />
        <EntryDetails details={details} />
        <Group gap="xs">
          {actor.id === null ? null : (
            <Button variant="default" size="xs" onClick={() => onNarrow({ actorId: actor.id ?? '' })}>
              Only what {actor.name} did
            </Button>
          )}
          <Button
            variant="default"
            size="xs"
            onClick={() => onNarrow({ subjectKind: subject.kind, subjectId: subject.id })}
          >
            Only what happened to this {kindWords(subject.kind)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
