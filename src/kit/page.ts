import { z } from 'zod'

/** How every list is asked for: free-text search, one sort column, equality filters, and a page. */
export const listQuery = z.object({
  q: z.string().max(200).optional().describe('Search text'),
  sort: z
    .string()
    .regex(/^-?[A-Za-z]+$/)
    .optional()
    .describe('Column to sort by; a leading minus sorts descending'),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(200).default(50),
})
export type ListQuery = z.output<typeof listQuery>

/** One page of rows and how many there are in all. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({ rows: z.array(row), total: z.number().int(), page: z.number().int(), pageSize: z.number().int() })
}
