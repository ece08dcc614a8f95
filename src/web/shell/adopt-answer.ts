import type { z } from 'zod'
import type { Endpoint } from '#http/contract.ts'
import { featureOf, queryClient } from './queries.ts'

/** Puts what a write answered where its reader looks, so that the form shows it at once, and asks the feature's lists again. */
export function adoptAnswer<P extends z.ZodType, A extends z.ZodType>(
  reader: Endpoint<P, z.ZodType, z.ZodType, A>,
  params: z.input<P>,
  answer: z.output<A>,
): void {
  const feature = featureOf(reader.path)
  queryClient.setQueryData([feature, reader.path, { params }], answer)
  refreshFeature(feature)
}

/** After a deletion: forget the record, ask the feature's lists again. */
export function forgetRecord(reader: { path: string }, params: object): void {
  const feature = featureOf(reader.path)
  queryClient.removeQueries({ queryKey: [feature, reader.path, { params }] })
  refreshFeature(feature)
}

/** Asks again for everything of a feature that is on screen, and for the set-up checklist, which judges all records. */
export function refreshFeature(feature: string): void {
  void queryClient.invalidateQueries({ queryKey: [feature] })
  void queryClient.invalidateQueries({ queryKey: ['scan'] })
}
