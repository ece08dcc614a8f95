import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { listAliases } from '#connections/alias.contract.ts'
import { listConnections } from '#connections/connection.contract.ts'
import { listCredentials } from '#connections/credential.contract.ts'
import { listOAuthApps } from '#connections/oauth-app.contract.ts'
import { consoleRoles } from '#people/contract.ts'
import { consoleDestinations, mayOpen, portalDestinations } from './destinations.tsx'
import { asking, useHasRole, usePerson } from './queries.ts'

type Hit = { id: string; label: string; description: string; to: string }

/** Ctrl-K: every page, and for administrators every connection record, by name. */
export function CommandPalette() {
  const [typed, setTyped] = useState('')
  const [query] = useDebouncedValue(typed.trim(), 150)
  const pages = usePageHits(typed)
  const records = useRecordHits(query)
  const navigate = useNavigate()
  const openFirst = () => {
    const first = pages[0] ?? records[0]
    if (first === undefined) return
    spotlight.close()
    void navigate({ to: first.to })
  }
  const show = (hit: Hit) => (
    <Spotlight.Action
      key={hit.id}
      label={hit.label}
      description={hit.description}
      onClick={() => void navigate({ to: hit.to })}
    />
  )
  return (
    <Spotlight.Root
      attributes={{ content: { 'aria-label': 'Go to a page or a record' } }}
      query={typed}
      onQueryChange={setTyped}
      shortcut="mod + K"
      scrollable
      maxHeight={420}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
    >
      <Spotlight.Search
        placeholder="Go to a page or a record…"
        aria-label="Go to a page or a record"
        leftSection={<IconSearch size={18} aria-hidden="true" />}
        onKeyDown={(event) => event.key === 'Enter' && nothingSelected() && openFirst()}
      />
      <Spotlight.ActionsList>
        {pages.length > 0 ? <Spotlight.ActionsGroup label="Pages">{pages.map(show)}</Spotlight.ActionsGroup> : null}
        {records.length > 0 ? (
          <Spotlight.ActionsGroup label="Records">{records.map(show)}</Spotlight.ActionsGroup>
        ) : null}
        {pages.length + records.length === 0 ? <Spotlight.Empty>Nothing is called that.</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

/** Enter without an arrow key first opens the first hit; with one, Spotlight itself opens what is selected. */
function nothingSelected(): boolean {
  return document.querySelector('.mantine-Spotlight-action[data-selected]') === null
}

function usePageHits(typed: string): Hit[] {
  const { roles } = usePerson()
  const wanted = typed.trim().toLowerCase()
  return [...portalDestinations, ...consoleDestinations]
    .filter((place) => mayOpen(place, roles))
    .filter(({ title, words }) => `${title} ${words}`.toLowerCase().includes(wanted))
    .map(({ title, to, key }) => ({ id: to, label: title, description: `g then ${key}`, to }))
}

function useRecordHits(q: string): Hit[] {
  const enabled = useHasRole(...consoleRoles) && q.length > 0
  const ask = { query: { q, pageSize: 5 } }
  const aliases = useQuery({ ...asking(listAliases, ask), enabled })
  const connections = useQuery({ ...asking(listConnections, ask), enabled })
  const credentials = useQuery({ ...asking(listCredentials, ask), enabled })
  const apps = useQuery({ ...asking(listOAuthApps, ask), enabled })
  if (!enabled) return []
  return [
    ...hits(aliases.data?.rows, 'Connection & Credential Alias', '/console/aliases'),
    ...hits(connections.data?.rows, 'Connection', '/console/connections'),
    ...hits(credentials.data?.rows, 'Credential', '/console/credentials'),
    ...hits(apps.data?.rows, 'Application Registry', '/console/oauth-apps'),
  ]
}

function hits(rows: readonly { id: string; name: string }[] | undefined, description: string, under: string): Hit[] {
  return (rows ?? []).map(({ id, name }) => ({ id, label: name, description, to: `${under}/${id}` }))
}
