/**
 * Waits until `condition` yields a value that is neither false, null nor undefined, and returns it. Fails with `what` after the time-out
 * (10 seconds unless told), naming the last error if the condition threw.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, what }: { timeoutMs?: number; what: string },
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs
  let lastError: unknown
  while (performance.now() < deadline) {
    try {
      const value = await condition()
      if (value !== false && value !== null && value !== undefined) return value as Exclude<T, false | null | undefined>
    } catch (cause) {
      lastError = cause
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`, { cause: lastError })
}
