import type { WatchDeps } from './deps.ts'

/** Where Graph sends to, below the address it was given. */
export const notificationPath = '/api/watch/notifications'
export const lifecyclePath = '/api/watch/lifecycle'

/** The addresses that Graph is given; their last part is the secret. */
export function addressesOf({ notificationUrl }: Pick<WatchDeps, 'notificationUrl'>, nonce: string) {
  return {
    notificationUrl: `${notificationUrl}${notificationPath}/${nonce}`,
    lifecycleNotificationUrl: `${notificationUrl}${lifecyclePath}/${nonce}`,
  }
}

/** Does a subscription send to us, at whatever nonce? */
export function isOurs({ notificationUrl }: Pick<WatchDeps, 'notificationUrl'>, sendsTo: string): boolean {
  return sendsTo.startsWith(`${notificationUrl}${notificationPath}/`)
}
