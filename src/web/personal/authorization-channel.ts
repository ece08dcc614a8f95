import { browser } from '../browser.ts'

const name = 'anteroom-authorization'

/** Tells the page behind a pop-up that this sign-in has ended. Only the id is said; who wants more asks the server. */
export function announceAuthorization(id: string): void {
  const channel = browser.channel(name)
  channel.postMessage({ id })
  channel.close()
}

/** Calls `heard` with the id of every sign-in that ends in another window. Returns how to stop listening. */
export function hearAuthorizations(heard: (id: string) => void): () => void {
  const channel = browser.channel(name)
  channel.onmessage = (message: MessageEvent<unknown>) => {
    const id = idIn(message.data)
    if (id !== null) heard(id)
  }
  return () => channel.close()
}

function idIn(data: unknown): string | null {
  return typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'string' ? data.id : null
}
