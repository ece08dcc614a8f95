/**
 * Everything the pages take from the world: network, clock, address bar. The one file in `web` that reaches for globals, so that
 * all other files can be read, and tested, without one.
 */
export const browser = {
  fetch: (path: string, init?: RequestInit): Promise<Response> => globalThis.fetch(path, init),
  now: (): Date => new Date(),
  /** Leaves this application for another address, for example Microsoft's sign-in page. */
  goTo: (address: string): void => globalThis.location.assign(address),
  reload: (): void => globalThis.location.reload(),
  here: (): string => globalThis.location.pathname + globalThis.location.search,
  timeZone: (): string => Intl.DateTimeFormat().resolvedOptions().timeZone,
  newId: (): string => globalThis.crypto.randomUUID(),
  /** A small window over this one, or null when the browser blocks it. Only inside a click do browsers allow it. */
  openPopup: (name: string): Window | null => {
    const left = globalThis.screenX + Math.max(0, (globalThis.outerWidth - 520) / 2)
    return globalThis.open(
      'about:blank',
      name,
      `popup,width=520,height=720,left=${left},top=${globalThis.screenY + 60}`,
    )
  },
  closeThisWindow: (): void => globalThis.close(),
  /** A line between all windows of this site. */
  channel: (name: string): BroadcastChannel => new BroadcastChannel(name),
  eventStream: (path: string): EventSource => new EventSource(path),
  later: (run: () => void, ms: number): (() => void) => {
    const timer = globalThis.setTimeout(run, ms)
    return () => globalThis.clearTimeout(timer)
  },
  every: (run: () => void, ms: number): (() => void) => {
    const timer = globalThis.setInterval(run, ms)
    return () => globalThis.clearInterval(timer)
  },
  /** Hands the person a file made here. */
  download: (fileName: string, content: string, mediaType: string): void => {
    const address = URL.createObjectURL(new Blob([content], { type: mediaType }))
    const link = document.createElement('a')
    link.href = address
    link.download = fileName
    link.click()
    URL.revokeObjectURL(address)
  },
  remember: (key: string, value: string): void => {
    try {
      globalThis.localStorage.setItem(`anteroom.${key}`, value)
    } catch {
      // Storage may be full or blocked; a preference that is not kept is no reason to fail.
    }
  },
  recall: (key: string): string | null => {
    try {
      return globalThis.localStorage.getItem(`anteroom.${key}`)
    } catch {
      return null
    }
  },
}
