import type { Filter } from '../design/filter-chip.tsx'
import { useApplicationScope } from '../shell/application-scope.ts'

/** Lists show every application scope; this narrows them to one. */
export function useScopeFilter(): Filter {
  const { all } = useApplicationScope()
  return {
    key: 'applicationScopeId',
    label: 'Application',
    options: all.map(({ id, name }) => ({ value: id, label: name })),
  }
}
