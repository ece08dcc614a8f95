import {
  IconAdjustments,
  IconAppWindow,
  IconArrowsExchange,
  IconBell,
  IconBuilding,
  IconCalendarCog,
  IconCalendarDue,
  IconCalendarEvent,
  IconCalendarSearch,
  IconChecklist,
  IconDoor,
  IconEye,
  IconHeartbeat,
  IconHistory,
  IconKey,
  IconLink,
  IconListDetails,
  IconLock,
  IconMail,
  IconPlugConnected,
  type IconProps,
  IconRefreshDot,
  IconRepeat,
  IconRss,
  IconShieldCheck,
  IconStethoscope,
  IconTags,
  IconTemplate,
  IconUserCheck,
  IconUsers,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { consoleRoles } from '#people/contract.ts'
import { syncRoles } from '#sync/sync-event.contract.ts'

export type Destination = {
  title: string
  /** Where there is only room for one word. */
  short?: string
  to: string
  /** The second key after `g`. */
  key: string
  icon: ComponentType<IconProps>
  /** Other words people type for it. */
  words: string
  /** Who may open it; everybody if absent. */
  roles?: readonly string[]
}

export const portalDestinations: readonly Destination[] = [
  {
    title: 'Find a room',
    short: 'Find',
    to: '/',
    key: 'f',
    icon: IconCalendarSearch,
    words: 'book reserve search',
  },
  {
    title: 'My reservations',
    short: 'Reservations',
    to: '/reservations',
    key: 'r',
    icon: IconListDetails,
    words: 'bookings meetings',
  },
  {
    title: 'Approvals',
    to: '/approvals',
    key: 'j',
    icon: IconUserCheck,
    words: 'approve reject approver waiting',
    roles: ['approver'],
  },
  {
    title: 'My connections',
    short: 'Connections',
    to: '/my-connections',
    key: 'm',
    icon: IconShieldCheck,
    words: 'permission microsoft sign in',
  },
]

/** The console's own tree, as the "All" navigator shows it: group, then page. */
export const consoleGroups: readonly { title: string; pages: readonly Destination[] }[] = [
  {
    title: 'Connections & Credentials',
    pages: [
      {
        title: 'Connection & Credential Aliases',
        to: '/console/aliases',
        key: 'a',
        icon: IconTags,
        words: 'alias resolve',
        roles: consoleRoles,
      },
      {
        title: 'Connections',
        to: '/console/connections',
        key: 'n',
        icon: IconPlugConnected,
        words: 'http url endpoint',
        roles: consoleRoles,
      },
      {
        title: 'Credentials',
        to: '/console/credentials',
        key: 'c',
        icon: IconKey,
        words: 'oauth token ms graph',
        roles: consoleRoles,
      },
      {
        title: 'Retry policies',
        to: '/console/retry-policies',
        key: 'p',
        icon: IconRepeat,
        words: 'again backoff retry-after throttled',
        roles: consoleRoles,
      },
      {
        title: 'New from template',
        to: '/console/templates',
        key: 't',
        icon: IconTemplate,
        words: 'create guided exchange online personal strict normal',
        roles: ['connection_admin'],
      },
    ],
  },
  {
    title: 'System OAuth',
    pages: [
      {
        title: 'Application Registry',
        to: '/console/oauth-apps',
        key: 'o',
        icon: IconAppWindow,
        words: 'oauth app provider client id secret',
        roles: consoleRoles,
      },
      {
        title: 'Expiry',
        to: '/console/expiry',
        key: 'e',
        icon: IconCalendarDue,
        words: 'expire expires secret certificate lapse warning',
        roles: consoleRoles,
      },
    ],
  },
  {
    title: 'Workplace Calendar Synchronization',
    pages: [
      {
        title: 'Set up',
        to: '/console',
        key: 's',
        icon: IconChecklist,
        words: 'checklist start founding',
        roles: consoleRoles,
      },
      {
        title: 'Health',
        to: '/console/health',
        key: 'h',
        icon: IconHeartbeat,
        words: 'status lag drift queue monitoring rooms in step',
        roles: syncRoles,
      },
      {
        title: 'Sync events',
        to: '/console/sync-events',
        key: 'w',
        icon: IconArrowsExchange,
        words: 'outbound outbox queue errors re-process reprocess graph',
        roles: syncRoles,
      },
      {
        title: 'Calendar items',
        to: '/console/calendar-items',
        key: 'q',
        icon: IconCalendarEvent,
        words: 'inbound mirror outlook events decisions re-process',
        roles: syncRoles,
      },
      {
        title: 'Watched rooms',
        to: '/console/watched-rooms',
        key: '1',
        icon: IconEye,
        words: 'watch read drift held calendar delta windows',
        roles: syncRoles,
      },
      {
        title: 'Subscriptions',
        to: '/console/subscriptions',
        key: '2',
        icon: IconRss,
        words: 'graph renew expire notifications lifecycle',
        roles: syncRoles,
      },
      {
        title: 'Notifications',
        to: '/console/notifications',
        key: '3',
        icon: IconBell,
        words: 'graph change told lag',
        roles: syncRoles,
      },
      {
        title: 'Webhook registry',
        to: '/console/webhook-registry',
        key: '4',
        icon: IconLink,
        words: 'callback url client state rotate WSDRS Event Subscription',
        roles: syncRoles,
      },
      {
        title: 'Properties',
        to: '/console/properties',
        key: 'y',
        icon: IconAdjustments,
        words: 'settings mode normal strict personal horizon poll time zone unconfirmed',
        roles: consoleRoles,
      },
      {
        title: 'Calendar providers',
        to: '/console/calendar-providers',
        key: 'v',
        icon: IconCalendarCog,
        words: 'exchange online graph delegated user mode',
        roles: consoleRoles,
      },
      {
        title: 'Reservable sync configurations',
        to: '/console/sync-configurations',
        key: 'k',
        icon: IconRefreshDot,
        words: 'rooms activate deactivate no request kept in step',
        roles: consoleRoles,
      },
      {
        title: 'Scan',
        to: '/console/scan',
        key: 'x',
        icon: IconStethoscope,
        words: 'check findings wrong diagnose',
        roles: consoleRoles,
      },
    ],
  },
  {
    title: 'Rooms & Buildings',
    pages: [
      {
        title: 'Rooms',
        to: '/console/rooms',
        key: 'd',
        icon: IconDoor,
        words: 'mailbox capacity equipment floor approval',
        roles: consoleRoles,
      },
      {
        title: 'Buildings',
        to: '/console/buildings',
        key: 'b',
        icon: IconBuilding,
        words: 'city time zone site',
        roles: consoleRoles,
      },
    ],
  },
  {
    title: 'People',
    pages: [
      {
        title: 'Users',
        to: '/console/users',
        key: 'u',
        icon: IconUsers,
        words: 'roles people admin',
        roles: ['admin'],
      },
    ],
  },
  {
    title: 'Audit',
    pages: [
      {
        title: 'Audit',
        to: '/console/audit',
        key: 'l',
        icon: IconHistory,
        words: 'trail log history who did what chain',
        roles: ['admin'],
      },
    ],
  },
  {
    title: 'System',
    pages: [
      {
        title: 'Mail',
        to: '/console/mail',
        key: 'i',
        icon: IconMail,
        words: 'letters e-mail smtp server warning test',
        roles: ['admin'],
      },
      {
        title: 'Keys',
        to: '/console/keys',
        key: 'z',
        icon: IconLock,
        words: 'vault seal encryption rotate root key',
        roles: ['admin'],
      },
    ],
  },
]

export const consoleDestinations: readonly Destination[] = consoleGroups.flatMap(({ pages }) => pages)

/** Group and page that an address of the console belongs to: the longest path that begins it. */
export function placeOf(pathname: string): { group: string; page: Destination } | null {
  const places = consoleGroups.flatMap(({ title, pages }) => pages.map((page) => ({ group: title, page })))
  const under = (to: string) => pathname === to || (to !== '/console' && pathname.startsWith(`${to}/`))
  return places.find(({ page }) => under(page.to)) ?? null
}

export function mayOpen(destination: Destination, roles: readonly string[]): boolean {
  const wanted = destination.roles
  return wanted === undefined || roles.includes('admin') || wanted.some((role) => roles.includes(role))
}
