import { Button, Group, Modal, Stack } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import {
  createEntityProfile,
  type EntityProfile,
  type OAuthApp,
  readEntityProfile,
} from '#connections/oauth-app.contract.ts'
import { ChoiceField, TextField } from '../design/fields.tsx'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { FormProblem } from '../shell/form-problem.tsx'
import { useRecordForm } from '../shell/record-form.ts'
import { saySaved } from '../shell/saved.ts'
import { grantCautions, grantTypeWords, optionsOf } from './words.ts'

const grantOptions = optionsOf(grantTypeWords)

type NewProfile = { name: string; grantType: OAuthApp['defaultGrantType'] }

/** A further entity profile of an app, with all of its scopes to begin with. */
export function NewProfileButton({ app }: { app: OAuthApp }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        onClick={() => setOpen(true)}
      >
        New profile
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title="New entity profile"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <NewProfileForm app={app} />
      </Modal>
    </>
  )
}

function NewProfileForm({ app }: { app: OAuthApp }) {
  const navigate = useNavigate()
  const form = useRecordForm<NewProfile, EntityProfile>({
    initial: { name: '', grantType: app.defaultGrantType },
    version: null,
    shape: createEntityProfile.body?.omit({ oauthAppId: true }),
    save: ({ values }) =>
      call(createEntityProfile, { body: { ...values, oauthAppId: app.id, scopeIds: app.scopes.map(({ id }) => id) } }),
    onSaved: (made) => {
      adoptAnswer(readEntityProfile, { id: made.id }, made)
      saySaved('Created', `${made.name} is a profile of ${app.name}.`)
      void navigate({ to: '/console/entity-profiles/$id', params: { id: made.id } })
    },
  })
  const grant = form.field('grantType')
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void form.submit()
      }}
    >
      <Stack gap="md">
        <FormProblem form={form} />
        <TextField label="Name" required {...form.field('name')} />
        <ChoiceField
          label="Grant type"
          {...grant}
          hint={grantCautions[grant.value]}
          onChange={(value) =>
            grant.onChange(grantOptions.find((option) => option.value === value)?.value ?? grant.value)
          }
          options={grantOptions}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={form.saving}>
            Submit
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
