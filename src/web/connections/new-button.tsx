import { IconPlus } from '@tabler/icons-react'
import { LinkButton } from '../design/links.tsx'

/** "New" on a list: opens the form of a record that is not made yet. */
export function NewButton({ to }: { to: string }) {
  return (
    <LinkButton to={to} leftSection={<IconPlus size={16} aria-hidden="true" />}>
      New
    </LinkButton>
  )
}
