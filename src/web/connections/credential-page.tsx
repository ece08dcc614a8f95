import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { readCredential } from '#connections/credential.contract.ts'
import { asking } from '../shell/queries.ts'
import { RecordGate } from '../shell/record-gate.tsx'
import { CredentialForm } from './credential-form.tsx'
import { NewCredentialPage } from './new-credential-page.tsx'

/** One OAuth 2.0 credential. After a sign-in the browser comes back here with `?authorization=<id>`. */
export function CredentialPage() {
  const { id } = useParams({ from: '/signed-in/console/credentials/$id' })
  const { authorization } = useSearch({ from: '/signed-in/console/credentials/$id' })
  return id === 'new' ? <NewCredentialPage /> : <KnownCredential id={id} authorizationId={authorization ?? null} />
}

function KnownCredential({ id, authorizationId }: { id: string; authorizationId: string | null }) {
  const answer = useQuery(asking(readCredential, { params: { id } }))
  return (
    <RecordGate answer={answer} what="credential">
      {(credential) => (
        <CredentialForm
          key={credential.id}
          credential={credential}
          authorizationId={authorizationId}
          reload={answer.refetch}
        />
      )}
    </RecordGate>
  )
}
