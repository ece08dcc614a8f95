import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import {
  activateSyncConfigurations,
  deactivateSyncConfigurations,
  type RowOutcome,
  type SyncConfiguration,
} from '#providers/sync-configuration.contract.ts'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { ApiProblem, call } from '../shell/api.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'

/** Activate or Deactivate, for one room. */
export function ActivateButton({ configuration }: { configuration: SyncConfiguration }) {
  const { id, active, room } = configuration
  const operation = active ? deactivateSyncConfigurations : activateSyncConfigurations
  const change = useMutation({
    mutationFn: () => call(operation, { body: { ids: [id] } }),
    onSuccess: ({ outcomes: [outcome] }) => {
      refreshFeature('providers')
      if (outcome?.ok) saySaved(active ? 'Deactivated' : 'Activated', outcome.say)
      else if (outcome) sayNotDone(`${room.name} was not activated`, refusalOf(outcome))
    },
    onError: (error) => sayNotDone(`${room.name} was not changed`, error),
  })
  return (
    <Button variant="default" loading={change.isPending} onClick={() => change.mutate()}>
      {active ? 'Deactivate' : 'Activate'}
    </Button>
  )
}

/** One of many that was refused speaks as a refusal of its own. */
function refusalOf({ code, say }: RowOutcome): ApiProblem {
  return new ApiProblem({ code, detail: say, status: 409 })
}
