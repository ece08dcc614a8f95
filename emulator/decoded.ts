/** A piece of an address without its percent signs; one that was never encoded properly is taken as it stands. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
