import { Button, Group, Modal, Stack } from '@mantine/core'
import { type Role, type UserRow, updateUser } from '#people/contract.ts'
import { SwitchField } from '../../design/fields.tsx'
import { refreshFeature } from '../../shell/adopt-answer.ts'
import { call } from '../../shell/api.ts'
import { FormGuards } from '../../shell/form-guards.tsx'
import { FormProblem } from '../../shell/form-problem.tsx'
import { useRecordForm } from '../../shell/record-form.ts'
import { saySaved } from '../../shell/saved.ts'
import { RoleChoice } from './role-choice.tsx'

type UserValues = { roles: Role[]; active: boolean }

/** Roles and access of one person. Saving ends that person's sessions, so that the change holds at once. */
export function EditUserDialog({ user, onClose }: { user: UserRow; onClose: () => void }) {
  const form = useRecordForm<UserValues, UserRow>({
    initial: { roles: user.roles.toSorted(), active: user.active },
    version: user.version,
    shape: updateUser.body,
    save: ({ changed, version }) =>
      call(updateUser, { params: { id: user.id }, body: { ...changed, version: version ?? user.version } }),
    onSaved: (saved) => {
      refreshFeature('people')
      saySaved('Updated', `${saved.displayName} has to sign in again; then the new roles hold.`)
      onClose()
    },
    reload: async () => {
      refreshFeature('people')
      onClose()
    },
  })
  const chosen = form.field('roles')
  return (
    <Modal opened onClose={onClose} title={user.displayName} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void form.submit()
        }}
      >
        <Stack gap="md">
          <FormProblem form={form} />
          <RoleChoice value={chosen.value} onChange={chosen.onChange} error={chosen.error} />
          <SwitchField label="May sign in" {...form.field('active')} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={form.saving}>
              Update
            </Button>
          </Group>
        </Stack>
      </form>
      <FormGuards form={form} what={user.displayName} />
    </Modal>
  )
}
