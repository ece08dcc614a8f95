import { LinkButton } from '../design/links.tsx'
import { Page } from '../design/page.tsx'
import { EmptyState } from '../design/states.tsx'

export function NotFoundPage() {
  return (
    <main>
      <Page title="Nothing here" width="reading">
        <EmptyState
          alone
          title="There is no page at this address"
          text="It may have been deleted, or the link may be incomplete."
          action={<LinkButton to="/">Find a room</LinkButton>}
        />
      </Page>
    </main>
  )
}
