import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { readOAuthApp } from '#connections/oauth-app.contract.ts'
import { asking } from '../shell/queries.ts'
import { RecordGate } from '../shell/record-gate.tsx'
import { NewOAuthAppPage } from './new-oauth-app-page.tsx'
import { OAuthAppForm } from './oauth-app-form.tsx'

/** One record of the Application Registry. */
export function OAuthAppPage() {
  const { id } = useParams({ from: '/signed-in/console/oauth-apps/$id' })
  return id === 'new' ? <NewOAuthAppPage /> : <KnownOAuthApp id={id} />
}

function KnownOAuthApp({ id }: { id: string }) {
  const answer = useQuery(asking(readOAuthApp, { params: { id } }))
  return (
    <RecordGate answer={answer} what="application">
      {(app) => <OAuthAppForm key={app.id} app={app} reload={answer.refetch} />}
    </RecordGate>
  )
}
