import { Text } from '@mantine/core'
import type { Effective } from '../design/inherited-field.tsx'

/** A value in a list; grey with its source if it is inherited. */
export function InheritedText({ effective }: { effective: Effective<string | null> }) {
  if (effective.value === null) return '—'
  if (effective.source !== 'parent') return effective.value
  return (
    <Text span size="sm" c="dimmed">
      {effective.value} (from {effective.from})
    </Text>
  )
}
