import { Checkbox, Stack } from '@mantine/core'
import { type Role, roles } from '#people/contract.ts'

const what: Record<Role, string> = {
  admin: 'Everything',
  credential_admin: 'Credentials, and Get OAuth Token',
  connection_admin: 'Aliases and connections',
  oauth_admin: 'The application registry',
  rsvsync_admin: 'Calendar synchronization',
  approver: 'Approves rooms that need it',
  employee: 'Books rooms',
}

type RoleChoiceProps = { value: readonly Role[]; onChange: (roles: Role[]) => void; error?: string | null }

/** Which roles somebody has, each with what it is for. */
export function RoleChoice({ value, onChange, error }: RoleChoiceProps) {
  return (
    <Checkbox.Group
      label="Roles"
      value={[...value]}
      onChange={(picked) => onChange(roles.filter((role) => picked.includes(role)).toSorted())}
      error={error ?? undefined}
    >
      <Stack gap="xs" mt="xs">
        {roles.map((role) => (
          <Checkbox key={role} value={role} label={role} description={what[role]} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}
