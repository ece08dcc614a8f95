import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { createServiceAccount } from '#people/api-token.contract.ts'
import type { Role, UserRow } from '#people/contract.ts'
import { refreshFeature } from '../../shell/adopt-answer.ts'
import { call } from '../../shell/api.ts'
import { asProblem } from '../../shell/api-problem.ts'
import { RoleChoice } from './role-choice.tsx'

type NewServiceAccountDialogProps = { onClose: () => void; onCreated: (account: UserRow) => void }

/** An account for a program. Its tokens are made in the next step, since each is shown only once. */
export function NewServiceAccountDialog({ onClose, onCreated }: NewServiceAccountDialogProps) {
  const [displayName, setDisplayName] = useState('')
  const [roles, setRoles] = useState<Role[]>(['employee'])
  const create = useMutation({
    mutationFn: () => call(createServiceAccount, { body: { displayName, roles } }),
    onSuccess: (account) => {
      refreshFeature('people')
      onCreated(account)
    },
  })
  const problem = create.error ? asProblem(create.error) : null
  return (
    <Modal opened onClose={onClose} title="New service account" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="The program that will use it, for example “Lobby display”"
            required
            maxLength={120}
            data-autofocus
            value={displayName}
            onChange={(event) => setDisplayName(event.currentTarget.value)}
            error={problem?.fields.displayName}
          />
          <RoleChoice value={roles} onChange={setRoles} error={problem?.fields.roles} />
          {problem === null ? null : (
            <Text c="red" role="alert">
              {problem.detail}
            </Text>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create the account
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
