import { Button, PasswordInput, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type Me, proveByPassword } from '#people/contract.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'

export function PasswordProof({ onProved }: { onProved: (me: Me) => void }) {
  const [password, setPassword] = useState('')
  const prove = useMutation({
    mutationFn: () => call(proveByPassword, { body: { password } }),
    onSuccess: onProved,
  })
  const problem = prove.error ? asProblem(prove.error) : null
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        prove.mutate()
      }}
    >
      <Stack gap="md">
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={problem === null ? undefined : (problem.fields.password ?? problem.detail)}
        />
        <Button type="submit" loading={prove.isPending}>
          Confirm
        </Button>
      </Stack>
    </form>
  )
}
