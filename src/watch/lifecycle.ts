/** What Graph says about a subscription rather than about an event (change-notifications-lifecycle-events), and what we do about it. */
export const lifecycleKinds: Record<string, 'reauthorize' | 'removed' | 'missed' | undefined> = {
  reauthorizationRequired: 'reauthorize',
  subscriptionRemoved: 'removed',
  missed: 'missed',
}
