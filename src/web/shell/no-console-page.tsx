import { LinkButton } from '../design/links.tsx'
import { Page } from '../design/page.tsx'
import { EmptyState } from '../design/states.tsx'

/** For somebody who followed a link into the console without a role for it. */
export function NoConsolePage() {
  return (
    <main>
      <Page title="Console" width="reading">
        <EmptyState
          alone
          title="The console is for administrators"
          text="Your account has no role for it. Ask an administrator for connection_admin, credential_admin, oauth_admin or rsvsync_admin; they can give it to you under People, Users."
          action={<LinkButton to="/">Find a room</LinkButton>}
        />
      </Page>
    </main>
  )
}
