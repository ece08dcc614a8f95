import { useDebouncedValue } from '@mantine/hooks'

/** What was typed, once the typing has stopped for a moment. */
export function useSettled<T>(typed: T): T {
  const [settled] = useDebouncedValue(typed, 400)
  return settled
}
