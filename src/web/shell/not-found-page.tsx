import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Page } from '../design/page.tsx'
import { EmptyState } from '../design/states.tsx'

export function NotFoundPage() {
  return (
    <Page title="Nothing here" width="reading">
      <EmptyState
        title="There is no page at this address"
        text="It may have been deleted, or the link may be incomplete."
        action={
          <Button component={Link} to="/">
            Find a room
          </Button>
        }
      />
    </Page>
  )
}
