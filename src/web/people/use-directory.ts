import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { type directoryEntry, searchDirectory } from '#people/contract.ts'
import { asking } from '../shell/queries.ts'

export type DirectoryEntry = z.output<typeof directoryEntry>
export type Directory = { found: readonly DirectoryEntry[]; search: (text: string) => void }

/** People by name or e-mail, asked for once the typing pauses. */
export function useDirectory(): Directory {
  const [text, search] = useState('')
  const [q] = useDebouncedValue(text.trim(), 200)
  const { data } = useQuery({
    ...asking(searchDirectory, { query: { q } }),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  return { found: q.length > 0 && text.trim().length > 0 ? (data?.people ?? []) : [], search }
}
