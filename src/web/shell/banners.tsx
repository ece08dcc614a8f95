import { Anchor } from '@mantine/core'
import { Banner } from '../design/banner.tsx'
import { useMe } from './queries.ts'

/** What everybody must know about this place, on top of every page: a rehearsal, or a vault that is closed. */
export function Banners() {
  const { standIns, vault, vaultSealedBecause } = useMe()
  return (
    <>
      {vault === 'sealed' ? (
        <Banner meaning="refused" variant="strip" title="The vault is sealed.">
          {vaultSealedBecause ?? 'Its key is missing or wrong.'} Nothing is lost; nobody can use or get tokens until it
          is open.
        </Banner>
      ) : null}
      {standIns.length > 0 ? <Rehearsal standIns={standIns} /> : null}
    </>
  )
}

function Rehearsal({ standIns }: { standIns: readonly { host: string; target: string }[] }) {
  const hosts = standIns.map(({ host }) => host)
  const target = standIns[0]?.target
  return (
    <Banner meaning="attention" variant="strip">
      <strong>Rehearsal:</strong> a local tenant answers for {new Intl.ListFormat('en').format(hosts)}. Nothing reaches
      Microsoft.{' '}
      {target ? (
        <Anchor href={target} target="_blank" rel="noreferrer" size="sm" underline="always">
          Open the tenant
        </Anchor>
      ) : null}
    </Banner>
  )
}
