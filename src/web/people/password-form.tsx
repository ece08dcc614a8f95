import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type Me, signInWithPassword } from '#people/contract.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'

/** For local administrators. Everybody else has no password here. */
export function PasswordForm({ onEntered }: { onEntered: (me: Me) => void }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({
    mutationFn: () => call(signInWithPassword, { body: { email, password } }),
    onSuccess: onEntered,
  })
  const problem = enter.error ? asProblem(enter.error) : null
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        enter.mutate()
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={problem?.fields.email}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={problem?.fields.password}
        />
        {problem === null ? null : (
          <Text c="red" role="alert">
            {problem.detail}
          </Text>
        )}
        <Button type="submit" variant="default" loading={enter.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}
