import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

/** "New" on a list: opens the form of a record that is not made yet. */
export function NewButton({
  to,
  search,
  label = 'New',
}: {
  to: string
  search?: Record<string, string>
  label?: string
}) {
  return (
    <Button component={Link} to={to} search={search ?? {}} leftSection={<IconPlus size={16} aria-hidden="true" />}>
      {label}
    </Button>
  )
}
