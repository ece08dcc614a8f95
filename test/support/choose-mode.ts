import type { SyncMode } from '#providers/contract.ts'
import { setProperty } from '#providers/property.contract.ts'
import type { Person } from './person.ts'

/** Sets the synchronization mode property, as the administrator does on its page. */
export async function chooseMode(administrator: Person, mode: SyncMode): Promise<void> {
  await administrator.call(setProperty, { params: { name: 'sync.mode' }, body: { value: mode } })
}
