import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { readConnection } from '#connections/connection.contract.ts'
import { asking } from '../shell/queries.ts'
import { RecordGate } from '../shell/record-gate.tsx'
import { ConnectionForm } from './connection-form.tsx'
import { NewConnectionPage } from './new-connection-page.tsx'

/** One HTTP(S) connection. */
export function ConnectionPage() {
  const { id } = useParams({ from: '/signed-in/console/connections/$id' })
  return id === 'new' ? <NewConnectionPage /> : <KnownConnection id={id} />
}

function KnownConnection({ id }: { id: string }) {
  const answer = useQuery(asking(readConnection, { params: { id } }))
  return (
    <RecordGate answer={answer} what="connection">
      {(connection) => <ConnectionForm key={connection.id} connection={connection} reload={answer.refetch} />}
    </RecordGate>
  )
}
