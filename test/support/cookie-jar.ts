/** The little of RFC 6265 that our own origins need: name, value, path, deletion. */
export class CookieJar {
  readonly #held: Record<string, string> = {}
  readonly #cookies = new Map<string, { value: string; path: string; origin: string }>()

  remember(url: string, answer: Response): void {
    for (const line of answer.headers.getSetCookie()) this.#remember(new URL(url).origin, line)
  }

  header(url: string): string {
    const { origin, pathname } = new URL(url)
    return [...this.#cookies]
      .filter(([, cookie]) => cookie.origin === origin && pathname.startsWith(cookie.path))
      .map(([key, cookie]) => `${key.slice(origin.length + 1)}=${cookie.value}`)
      .join('; ')
  }

  /** By cookie name, also of cookies that were deleted since. */
  values(): Record<string, string> {
    return { ...this.#held }
  }

  #remember(origin: string, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(pair.indexOf('=') + 1)
    const attribute = (wanted: string) =>
      attributes.find((part) => part.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1)
    const key = `${origin} ${name}`
    if (attribute('max-age') === '0' || value === '') this.#cookies.delete(key)
    else {
      this.#cookies.set(key, { value, path: attribute('path') ?? '/', origin })
      this.#held[name] = value
    }
  }
}
