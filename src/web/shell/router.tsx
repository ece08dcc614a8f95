import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ErrorPage } from './error-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { meQuery, queryClient } from './queries.ts'
import { parsePlainSearch, stringifyPlainSearch } from './search.ts'
import { SignedIn } from './signed-in.tsx'

type Search = Record<string, string | undefined>
const plainSearch = (search: Record<string, unknown>): Search => search as Search

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage, validateSearch: plainSearch })

/** Everybody inside is signed in; the rest is sent to sign-in, or to first set-up, and comes back here afterwards. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const me = await queryClient.ensureQueryData(meQuery)
    if (me.person !== null) return
    if (me.setupNeeded && !me.demo && location.pathname.startsWith('/console')) throw redirect({ to: '/setup' })
    throw redirect({ to: '/sign-in', search: { returnTo: location.href } })
  },
  component: SignedIn,
})

const portal = createRoute({
  getParentRoute: () => signedIn,
  id: 'portal',
  component: lazyRouteComponent(() => import('./portal-layout.tsx'), 'PortalLayout'),
})
const portalRoutes = [
  createRoute({
    getParentRoute: () => portal,
    path: '/',
    component: lazyRouteComponent(() => import('../reservations/find-room-page.tsx'), 'FindRoomPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: '/reservations',
    component: lazyRouteComponent(() => import('../reservations/my-reservations-page.tsx'), 'MyReservationsPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: '/reservations/$id',
    component: lazyRouteComponent(() => import('../reservations/reservation-page.tsx'), 'ReservationPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: '/approvals',
    component: lazyRouteComponent(() => import('../reservations/approvals-page.tsx'), 'ApprovalsPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: '/my-connections',
    component: lazyRouteComponent(() => import('../personal/my-connections-page.tsx'), 'MyConnectionsPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: '/account',
    component: lazyRouteComponent(() => import('../people/account-page.tsx'), 'AccountPage'),
  }),
] as const

const outsideRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('../people/sign-in-page.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/setup',
    component: lazyRouteComponent(() => import('../people/setup-page.tsx'), 'SetupPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/proved',
    component: lazyRouteComponent(() => import('../people/proved-page.tsx'), 'ProvedPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/authorization/$id',
    component: lazyRouteComponent(() => import('../personal/authorization-page.tsx'), 'AuthorizationPage'),
  }),
] as const

const console_ = createRoute({
  getParentRoute: () => signedIn,
  path: '/console',
  component: lazyRouteComponent(() => import('./console-layout.tsx'), 'ConsoleLayout'),
})
const consoleRoutes = [
  createRoute({
    getParentRoute: () => console_,
    path: '/',
    component: lazyRouteComponent(() => import('../scan/setup-checklist-page.tsx'), 'SetupChecklistPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/aliases',
    component: lazyRouteComponent(() => import('../connections/alias-list-page.tsx'), 'AliasListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/aliases/$id',
    component: lazyRouteComponent(() => import('../connections/alias-page.tsx'), 'AliasPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/connections',
    component: lazyRouteComponent(() => import('../connections/connection-list-page.tsx'), 'ConnectionListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/connections/$id',
    component: lazyRouteComponent(() => import('../connections/connection-page.tsx'), 'ConnectionPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/retry-policies',
    component: lazyRouteComponent(() => import('../connections/retry-policy-list-page.tsx'), 'RetryPolicyListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/retry-policies/$id',
    component: lazyRouteComponent(() => import('../connections/retry-policy-page.tsx'), 'RetryPolicyPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/templates',
    component: lazyRouteComponent(() => import('../connections/template-page.tsx'), 'TemplatePage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/credentials',
    component: lazyRouteComponent(() => import('../connections/credential-list-page.tsx'), 'CredentialListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/credentials/$id',
    component: lazyRouteComponent(() => import('../connections/credential-page.tsx'), 'CredentialPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/oauth-apps',
    component: lazyRouteComponent(() => import('../connections/oauth-app-list-page.tsx'), 'OAuthAppListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/oauth-apps/$id',
    component: lazyRouteComponent(() => import('../connections/oauth-app-page.tsx'), 'OAuthAppPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/expiry',
    component: lazyRouteComponent(() => import('../connections/expiry-page.tsx'), 'ExpiryPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/entity-profiles/$id',
    component: lazyRouteComponent(() => import('../connections/entity-profile-page.tsx'), 'EntityProfilePage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/properties',
    component: lazyRouteComponent(() => import('../providers/properties-page.tsx'), 'PropertiesPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/calendar-providers',
    component: lazyRouteComponent(
      () => import('../providers/calendar-provider-list-page.tsx'),
      'CalendarProviderListPage',
    ),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/calendar-providers/$id',
    component: lazyRouteComponent(() => import('../providers/calendar-provider-page.tsx'), 'CalendarProviderPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/sync-configurations',
    component: lazyRouteComponent(
      () => import('../providers/sync-configuration-list-page.tsx'),
      'SyncConfigurationListPage',
    ),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/sync-configurations/$id',
    component: lazyRouteComponent(() => import('../providers/sync-configuration-page.tsx'), 'SyncConfigurationPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/scan',
    component: lazyRouteComponent(() => import('../scan/scan-page.tsx'), 'ScanPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/rooms',
    component: lazyRouteComponent(() => import('../rooms/records/room-list-page.tsx'), 'RoomListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/rooms/$id',
    component: lazyRouteComponent(() => import('../rooms/records/room-record-page.tsx'), 'RoomRecordPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/buildings',
    component: lazyRouteComponent(() => import('../rooms/records/building-list-page.tsx'), 'BuildingListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/buildings/$id',
    component: lazyRouteComponent(() => import('../rooms/records/building-page.tsx'), 'BuildingPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/sync-events',
    component: lazyRouteComponent(() => import('../sync/sync-event-list-page.tsx'), 'SyncEventListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/sync-events/$id',
    component: lazyRouteComponent(() => import('../sync/sync-event-page.tsx'), 'SyncEventPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/watched-rooms',
    component: lazyRouteComponent(() => import('../watch/room-list-page.tsx'), 'RoomListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/watched-rooms/$id',
    component: lazyRouteComponent(() => import('../watch/room-page.tsx'), 'RoomPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/subscriptions',
    component: lazyRouteComponent(() => import('../watch/subscription-list-page.tsx'), 'SubscriptionListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/notifications',
    component: lazyRouteComponent(() => import('../watch/notification-list-page.tsx'), 'NotificationListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/calendar-items',
    component: lazyRouteComponent(() => import('../watch/item-list-page.tsx'), 'ItemListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/calendar-items/$id',
    component: lazyRouteComponent(() => import('../watch/item-page.tsx'), 'ItemPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/webhook-registry',
    component: lazyRouteComponent(() => import('../watch/registry-page.tsx'), 'RegistryPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/health',
    component: lazyRouteComponent(() => import('../sync/health-page.tsx'), 'HealthPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/users',
    component: lazyRouteComponent(() => import('../people/users/user-list-page.tsx'), 'UserListPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/audit',
    component: lazyRouteComponent(() => import('../audit/audit-page.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/mail',
    component: lazyRouteComponent(() => import('../mail/mail-page.tsx'), 'MailPage'),
  }),
  createRoute({
    getParentRoute: () => console_,
    path: '/keys',
    component: lazyRouteComponent(() => import('../vault/keys-page.tsx'), 'KeysPage'),
  }),
] as const

const routeTree = root.addChildren([
  signedIn.addChildren([portal.addChildren(portalRoutes), console_.addChildren(consoleRoutes)]),
  ...outsideRoutes,
])

/** Every address of the web, and which page it shows. Pages load when they are first visited. */
export const router = createRouter({
  routeTree,
  parseSearch: parsePlainSearch,
  stringifySearch: stringifyPlainSearch,
  defaultPreload: 'intent',
  defaultErrorComponent: ErrorPage,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
