import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import type { ConnectionsDeps } from './deps.ts'
import * as contract from './template.contract.ts'
import { listTemplates, makeFromTemplate } from './template.ts'
import { checkValues } from './template-check.ts'

export function mountTemplates(router: Router, deps: ConnectionsDeps): void {
  mount(router, contract.listTemplates, async () => ({ templates: listTemplates() }))
  mountSignedIn(router, contract.checkTemplate, ({ params, body }) => checkValues(deps, params.key, body))
  mountSignedIn(router, contract.useTemplate, ({ params, body, ...editor }) =>
    makeFromTemplate(deps, params.key, body, editor),
  )
}
