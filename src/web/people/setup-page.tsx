import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { setUp } from '#people/contract.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { meQuery } from '../shell/queries.ts'
import { enterAs } from './enter-as.ts'
import { FrontDoor } from './front-door.tsx'

const empty = { code: '', displayName: '', email: '', password: '' }

/** The first administrator of a new Anteroom, proven by the one-time code that only the server's console shows. */
export function SetupPage() {
  const { data: me } = useSuspenseQuery(meQuery)
  const navigate = useNavigate()
  const [values, setValues] = useState(empty)
  const create = useMutation({
    mutationFn: () => call(setUp, { body: values }),
    onSuccess: (answer) => enterAs(answer, '/console', navigate),
  })
  if (!me.setupNeeded) return <SetupDone />
  const problem = create.error ? asProblem(create.error) : null
  const field = (name: keyof typeof empty) => ({
    required: true,
    value: values[name],
    error: problem?.fields[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  })
  return (
    <FrontDoor
      title="Set up Anteroom"
      text="Create the first administrator. It takes a minute; the rest is on the set-up page."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Stack gap="md">
          <TextInput
            {...field('code')}
            label="One-time code"
            description="The server printed it when it started. It is good for 30 minutes."
            autoComplete="one-time-code"
            spellCheck={false}
            data-autofocus
          />
          <TextInput {...field('displayName')} label="Your name" autoComplete="name" />
          <TextInput {...field('email')} label="E-mail" type="email" autoComplete="username" />
          <PasswordInput
            {...field('password')}
            label="Password"
            description="At least 12 characters. Several unrelated words are best."
            autoComplete="new-password"
          />
          {problem === null ? null : (
            <Text c="red" role="alert">
              {problem.detail}
            </Text>
          )}
          <Button type="submit" size="md" loading={create.isPending}>
            Create the administrator
          </Button>
        </Stack>
      </form>
    </FrontDoor>
  )
}

function SetupDone() {
  return (
    <FrontDoor
      title="Anteroom is set up"
      text="It has an administrator already, so the one-time code is not needed any more."
    >
      <Anchor component={Link} to="/sign-in" underline="always">
        Go to sign-in
      </Anchor>
    </FrontDoor>
  )
}
