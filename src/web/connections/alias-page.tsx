import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { readAlias } from '#connections/alias.contract.ts'
import { asking } from '../shell/queries.ts'
import { RecordGate } from '../shell/record-gate.tsx'
import { AliasForm } from './alias-form.tsx'
import { NewAliasPage } from './new-alias-page.tsx'

/** One Connection & Credential Alias. */
export function AliasPage() {
  const { id } = useParams({ from: '/signed-in/console/aliases/$id' })
  return id === 'new' ? <NewAliasPage /> : <KnownAlias id={id} />
}

function KnownAlias({ id }: { id: string }) {
  const answer = useQuery(asking(readAlias, { params: { id } }))
  return (
    <RecordGate answer={answer} what="alias">
      {(alias) => <AliasForm key={alias.id} alias={alias} reload={answer.refetch} />}
    </RecordGate>
  )
}
