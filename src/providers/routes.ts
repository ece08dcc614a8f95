import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import { setActive } from './activate.ts'
import * as provider from './calendar-provider.contract.ts'
import { createProvider, deleteProvider, listProviders, readProvider, updateProvider } from './calendar-provider.ts'
import type { ConfiguringDeps } from './deps.ts'
import { probeConfiguration, probeProvider } from './probe-now.ts'
import * as property from './property.contract.ts'
import { listProperties, setProperty } from './set-property.ts'
import * as configuration from './sync-configuration.contract.ts'
import {
  createConfiguration,
  createForBuilding,
  deleteConfiguration,
  listConfigurations,
  readConfiguration,
  updateConfiguration,
} from './sync-configuration.ts'

const done = { done: true } as const

export function mountProviders(router: Router, deps: ConfiguringDeps): void {
  mount(router, property.listProperties, () => listProperties(deps.db))
  mountSignedIn(router, property.setProperty, ({ params, body, ...editor }) =>
    setProperty(deps, params.name, body, editor),
  )
  mountCalendarProviders(router, deps)
  mountSyncConfigurations(router, deps)
}

function mountCalendarProviders(router: Router, deps: ConfiguringDeps): void {
  mount(router, provider.listCalendarProviders, ({ query }) => listProviders(deps, query))
  mountSignedIn(router, provider.createCalendarProvider, ({ body, ...editor }) => createProvider(deps, body, editor))
  mount(router, provider.readCalendarProvider, ({ params }) => readProvider(deps, params.id))
  mountSignedIn(router, provider.updateCalendarProvider, ({ params, body, ...editor }) =>
    updateProvider(deps, params.id, body, editor),
  )
  mountSignedIn(router, provider.deleteCalendarProvider, async ({ params, ...editor }) => {
    await deleteProvider(deps, params.id, editor)
    return done
  })
  mount(router, provider.probeCalendarProvider, ({ params }) => probeProvider(deps, params.id))
}

function mountSyncConfigurations(router: Router, deps: ConfiguringDeps): void {
  mount(router, configuration.listSyncConfigurations, ({ query }) => listConfigurations(deps, query))
  mountSignedIn(router, configuration.createSyncConfiguration, ({ body, ...editor }) =>
    createConfiguration(deps, body, editor),
  )
  mountSignedIn(router, configuration.activateSyncConfigurations, ({ body, ...editor }) =>
    setActive(deps, { ids: body.ids, active: true }, editor),
  )
  mountSignedIn(router, configuration.deactivateSyncConfigurations, ({ body, ...editor }) =>
    setActive(deps, { ids: body.ids, active: false }, editor),
  )
  mountSignedIn(router, configuration.createForBuilding, ({ body, ...editor }) => createForBuilding(deps, body, editor))
  mount(router, configuration.readSyncConfiguration, ({ params }) => readConfiguration(deps, params.id))
  mountSignedIn(router, configuration.updateSyncConfiguration, ({ params, body, ...editor }) =>
    updateConfiguration(deps, params.id, body, editor),
  )
  mountSignedIn(router, configuration.deleteSyncConfiguration, async ({ params, ...editor }) => {
    await deleteConfiguration(deps, params.id, editor)
    return done
  })
  mount(router, configuration.probeSyncConfiguration, ({ params }) => probeConfiguration(deps, params.id))
}
