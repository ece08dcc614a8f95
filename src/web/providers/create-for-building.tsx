import { Button, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { createForBuilding, type RowOutcome } from '#providers/sync-configuration.contract.ts'
import { listBuildings } from '#rooms/contract.ts'
import { Banner } from '../design/banner.tsx'
import { ChoiceField, SwitchField } from '../design/fields.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { LinkButton } from '../design/links.tsx'
import { Progress } from '../design/progress.tsx'
import { SideSheet } from '../design/side-sheet.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { Verdict } from '../design/verdict.tsx'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { bulkResult } from '../shell/bulk-result.ts'
import { asking } from '../shell/queries.ts'
import { useProviderOptions } from './pickers.ts'
import { useActivating } from './use-activating.ts'

/** Configurations for all rooms of a building that have none, and then, if wished, activated at once. */
export function CreateForBuilding({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [outcomes, setOutcomes] = useState<readonly RowOutcome[] | null>(null)
  const close = () => {
    setOutcomes(null)
    onClose()
  }
  return (
    <SideSheet opened={opened} title="Create for a building" onClose={close}>
      {outcomes === null ? <Wish onMade={setOutcomes} /> : <Made outcomes={outcomes} onClose={close} />}
    </SideSheet>
  )
}

function Wish({ onMade }: { onMade: (outcomes: readonly RowOutcome[]) => void }) {
  const buildings = useQuery(asking(listBuildings)).data?.buildings
  const providers = useProviderOptions('')
  const [buildingId, setBuildingId] = useState<string | null>(null)
  const [chosenProvider, setProviderId] = useState<string | null>(null)
  const providerId = chosenProvider ?? (providers.length === 1 ? (providers[0]?.value ?? null) : null)
  const [noRequest, setNoRequest] = useState(false)
  const create = useMutation({
    mutationFn: (body: { buildingId: string; providerId: string; noRequest: boolean }) =>
      call(createForBuilding, { body }),
    onSuccess: ({ outcomes }) => {
      refreshFeature('providers')
      onMade(outcomes)
    },
  })
  return (
    <Stack gap="md">
      {buildings?.length === 0 ? (
        <Missing to="/console/buildings/new" what="There is no building yet." action="New building" />
      ) : null}
      {providers.length === 0 ? (
        <Missing
          to="/console/calendar-providers/new"
          what="There is no calendar provider yet."
          action="New calendar provider"
        />
      ) : null}
      <ChoiceField
        label="Building"
        required
        searchable
        value={buildingId}
        onChange={setBuildingId}
        options={(buildings ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        placeholder="Choose a building"
      />
      <ChoiceField
        label="Provider"
        required
        value={providerId}
        onChange={setProviderId}
        options={[...providers]}
        placeholder="Choose a calendar provider"
      />
      <SwitchField
        label="No request"
        value={noRequest}
        onChange={setNoRequest}
        hint="Changes are made and shown here, and nothing is sent to Outlook."
      />
      {create.error ? <Banner meaning="refused">{asProblem(create.error).detail}</Banner> : null}
      <Button
        disabled={buildingId === null || providerId === null}
        loading={create.isPending}
        onClick={() => {
          if (buildingId !== null && providerId !== null) create.mutate({ buildingId, providerId, noRequest })
        }}
      >
        Create for its rooms
      </Button>
    </Stack>
  )
}

function Missing({ to, what, action }: { to: string; what: string; action: string }) {
  return (
    <Banner
      meaning="attention"
      action={
        <LinkButton to={to} size="xs" variant="default">
          {action}
        </LinkButton>
      }
    >
      {what}
    </Banner>
  )
}

function Made({ outcomes, onClose }: { outcomes: readonly RowOutcome[]; onClose: () => void }) {
  const made = outcomes.filter(({ ok }) => ok)
  const activating = useActivating()
  const result = bulkResult(activating.outcomes, 'activated')
  const words = made.length === 1 ? '1 configuration was' : `${made.length} configurations were`
  return (
    <Stack gap="md">
      <Verdict meaning={made.length > 0 ? 'good' : 'neutral'}>
        {words} created. {outcomes.length - made.length} rooms had one already.
      </Verdict>
      {activating.progress ? <Progress {...activating.progress} what="rooms" /> : null}
      {result && !activating.progress ? <Verdict meaning={result.meaning}>{result.say}</Verdict> : null}
      <KeyValue
        items={outcomes.map(({ id, name, ok, say }) => {
          const outcome = activating.outcomes.get(id)
          const meaning = outcome?.meaning ?? (ok ? 'good' : 'neutral')
          return { label: name, value: <StatusBadge meaning={meaning} word={outcome?.say ?? say} variant="plain" /> }
        })}
      />
      {made.length > 0 && result === null ? (
        <Button
          loading={activating.progress !== null}
          onClick={() =>
            activating.start(
              'activate',
              made.map(({ id }) => id),
            )
          }
        >
          Activate {made.length === 1 ? 'it' : `all ${made.length}`}
        </Button>
      ) : (
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      )}
    </Stack>
  )
}
