import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { type ApiToken, type createApiToken, type NewApiToken, tokenScope } from '#people/api-token.contract.ts'
import { asProblem } from '../shell/api-problem.ts'
import { tokenScopeWords } from './token-scope-words.ts'

const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
]

type ApiTokenFormProps = {
  opened: boolean
  onClose: () => void
  /** Mine, or a service account's. */
  create: (order: NewApiToken) => Promise<CreatedToken>
  onCreated: (token: CreatedToken) => void
}

export type CreatedToken = z.output<typeof createApiToken.answer>

/** Name and lifetime of a new API token. */
export function ApiTokenForm({ opened, onClose, create: ask, onCreated }: ApiTokenFormProps) {
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const [scopes, setScopes] = useState<ApiToken['scopes']>(['read'])
  const create = useMutation({
    mutationFn: () => ask({ name, expiresInDays: Number(days), scopes }),
    onSuccess: (token) => {
      setName('')
      onCreated(token)
    },
  })
  const problem = create.error ? asProblem(create.error) : null
  return (
    <Modal opened={opened} onClose={onClose} title="Create an API token" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="What will use it, for example “nightly report”"
            required
            maxLength={100}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={problem?.fields.name}
          />
          <NativeSelect
            label="Works for"
            data={lifetimes}
            value={days}
            onChange={(event) => setDays(event.currentTarget.value)}
          />
          <ScopeChoice scopes={scopes} onChange={setScopes} error={problem?.fields.scopes} />
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
              Create a token
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

type ScopeChoiceProps = { scopes: ApiToken['scopes']; onChange: (scopes: ApiToken['scopes']) => void; error?: string }

function ScopeChoice({ scopes, onChange, error }: ScopeChoiceProps) {
  return (
    <Checkbox.Group
      label="May be used for"
      value={scopes}
      onChange={(chosen) => onChange(tokenScope.array().parse(chosen))}
      error={error}
    >
      <Stack gap="xs" mt={4}>
        {tokenScope.options.map((scope) => (
          <Checkbox key={scope} value={scope} {...tokenScopeWords[scope]} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}
