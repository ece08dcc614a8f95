import { Button, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ProbeAnswer, WatchFacts } from '#providers/contract.ts'
import { probeSyncConfiguration, type SyncConfiguration } from '#providers/sync-configuration.contract.ts'
import { Banner } from '../design/banner.tsx'
import { Panel } from '../design/panel.tsx'
import { Verdict } from '../design/verdict.tsx'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { CapabilityTable } from './capability-table.tsx'
import { watchMethodWords, watchStateWords } from './words.ts'

/** How the room's calendar is watched now, what can be done with it, and a test by hand. */
export function RoomCalendar({ configuration }: { configuration: SyncConfiguration }) {
  const { id, watch } = configuration
  const probe = useMutation({
    mutationFn: () => call(probeSyncConfiguration, { params: { id } }),
    onSuccess: () => refreshFeature('providers'),
  })
  const capabilities = probe.data?.capabilities ?? watch?.capabilities
  return (
    <Panel
      title="The room’s calendar"
      actions={
        <Button variant="default" size="xs" loading={probe.isPending} onClick={() => probe.mutate()}>
          {capabilities === undefined ? 'Test now' : 'Test again'}
        </Button>
      }
    >
      <Stack gap="md">
        {watch === null ? <NotWatched configuration={configuration} /> : <Watched watch={watch} />}
        {probe.error ? <Banner meaning="refused">{asProblem(probe.error).detail}</Banner> : null}
        {capabilities === undefined ? null : <CapabilityTable capabilities={capabilities} />}
        {probe.data ? <Method found={probe.data} /> : null}
      </Stack>
    </Panel>
  )
}

/** In the words of whoever watches it; where there are none, by whom and how. */
function Watched({ watch }: { watch: WatchFacts }) {
  const { state, say, identity, method } = watch
  const { meaning, word } = watchStateWords[state]
  const how =
    state === 'watching' && method !== null ? `${word} by ${identity}: ${watchMethodWords[method]}.` : `${word}.`
  return <Verdict meaning={meaning}>{say ?? how}</Verdict>
}

function NotWatched({ configuration: { active, keptInStep, provider } }: { configuration: SyncConfiguration }) {
  if (!active) return <Verdict meaning="neutral">Inactive: the room is not kept in step with Outlook.</Verdict>
  if (!keptInStep) {
    const say = `The calendar provider ${provider.name} is inactive, so the room is not kept in step. Make it active on its form.`
    return <Verdict meaning="refused">{say}</Verdict>
  }
  return <Verdict meaning="waiting">It is about to be watched. A test shows at once what can be done.</Verdict>
}

function Method({ found: { method, watcher } }: { found: ProbeAnswer }) {
  return method === null ? (
    <Verdict meaning="refused">The room cannot be watched yet.</Verdict>
  ) : (
    <Verdict meaning="good">
      It can be watched by {watcher}: {watchMethodWords[method]}.
    </Verdict>
  )
}
