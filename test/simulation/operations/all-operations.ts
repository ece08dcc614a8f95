import type { Operation } from './operation.ts'
import { outlookOperations } from './outlook.ts'
import { pageOperations } from './pages.ts'
import { portalOperations } from './portal.ts'

/** Everything that people can do in a run. */
export const operations: readonly Operation[] = [...portalOperations, ...pageOperations, ...outlookOperations]
