import { Banner } from '../design/banner.tsx'
import type { Fields, RecordForm } from './record-form.ts'

/** Why a form was not saved, on top of it. Messages that belong to a field stand beside that field. */
export function FormProblem<V extends Fields>({ form }: { form: RecordForm<V> }) {
  if (form.problem === null || form.conflict !== null) return null
  return (
    <Banner meaning="refused" title="Not saved">
      {form.problem.detail}
    </Banner>
  )
}
