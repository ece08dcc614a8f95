import type { ChangeKind } from './change-log.ts'
import type { FaultName } from './fault-answers.ts'
import type { SwitchSettings } from './switches.ts'

/** The records a tenant is made of. Every one is plain JSON: the store keeps them in memory and writes them through to SQLite. */

export type Directory = { tenantId: string; displayName: string; domain: string }

export type UserKind = 'person' | 'room' | 'service'

/** A user object of the directory; its id is the `oid` of tokens and the id of its mailbox. */
export type User = {
  id: string
  userPrincipalName: string
  mail: string
  displayName: string
  kind: UserKind
  password: string | null
  enabled: boolean
  isTenantAdmin: boolean
  /** A guest's home tenant: its tokens carry that `tid`, not ours. */
  homeTenantId: string | null
  /** Tokens issued before this instant are revoked (`signInSessionsValidFromDateTime`). */
  signInSessionsValidFrom: string | null
  timeZone: string
  /** Addresses it had before and still gets mail at. */
  proxyAddresses?: string[]
}

export type AppSecret = { value: string; expiresAt: string | null }
export type AppCertificate = { thumbprintS256: string; thumbprintS1?: string; publicJwk: Record<string, unknown> }

/** An app registration. `delegatedScopes` is what it may ask people for; `appRoles` are its granted application permissions. */
export type App = {
  clientId: string
  displayName: string
  secrets: AppSecret[]
  certificates: AppCertificate[]
  redirectUris: string[]
  /** Paths of its callbacks, registered as redirect URIs below every known origin of Anteroom. */
  callbackPaths: string[]
  delegatedScopes: string[]
  appRoles: string[]
  enabled: boolean
  /** May be used over `/common` and `/organizations`. */
  multiTenant?: boolean
  /** Optional claims of its id tokens, by name. Of those that exist the tenant knows `auth_time`. */
  optionalIdTokenClaims?: string[]
}

/** Delegated consent: what a person (or, with userId null, the administrator for everybody) allowed an app. */
export type Consent = { id: string; clientId: string; userId: string | null; scopes: string[] }

export type Code = {
  id: string
  clientId: string
  userId: string
  redirectUri: string
  scopes: string[]
  nonce: string | null
  codeChallenge: string | null
  codeChallengeMethod: 'S256' | 'plain' | null
  issuedAt: string
  redeemedAt: string | null
  /** When the person last gave their password, in seconds since 1970, if the id token is to say it. */
  authTime?: number
}

export type RefreshToken = {
  id: string
  clientId: string
  userId: string
  scopes: string[]
  issuedAt: string
  lastUsedAt: string
  revokedAt: string | null
  /** Set by use when the tenant runs with single-use refresh tokens. */
  spentAt: string | null
}

export type BrowserSession = {
  id: string
  userIds: string[]
  activeUserId: string | null
  createdAt: string
  lastUsedAt?: string
  /** When each account last gave its password in this browser. */
  signedInAt?: Record<string, string>
}

export type AutomateProcessing = 'AutoAccept' | 'AutoUpdate' | 'None'

/** Calendar processing of a room mailbox, names as in Set-CalendarProcessing. */
export type RoomPolicy = {
  automateProcessing: AutomateProcessing
  allBookInPolicy: boolean
  bookInPolicy: string[]
  allRequestInPolicy: boolean
  requestInPolicy: string[]
  allRequestOutOfPolicy: boolean
  requestOutOfPolicy: string[]
  resourceDelegates: string[]
  tentativePendingApproval: boolean
  allowConflicts: boolean
  allowRecurringMeetings: boolean
  bookingWindowInDays: number
  enforceSchedulingHorizon: boolean
  maximumDurationInMinutes: number
  addOrganizerToSubject: boolean
  deleteSubject: boolean
  deleteComments: boolean
  removePrivateProperty: boolean
  removeCanceledMeetings: boolean
  bookingType: 'Standard' | 'Reserved'
  /** How long the booking attendant takes before it answers, in milliseconds of the tenant's clock. */
  answersAfterMs: number
}

export type RoomListPlace = { id: string; emailAddress: string; displayName: string; address: string }

export type RoomPlace = {
  id: string
  userId: string
  emailAddress: string
  displayName: string
  roomListId: string | null
  building: string
  floorNumber: number | null
  floorLabel: string | null
  capacity: number
  audioDeviceName: string | null
  videoDeviceName: string | null
  displayDeviceName: string | null
  isWheelChairAccessible: boolean
  tags: string[]
  /** Until then `/places` does not know of it. */
  listedAt?: string
}

export type CalendarRole =
  | 'none'
  | 'freeBusyRead'
  | 'limitedRead'
  | 'read'
  | 'write'
  | 'delegateWithoutPrivateEventAccess'
  | 'delegateWithPrivateEventAccess'

/** Folder right of one user on the primary calendar of a mailbox. */
export type CalendarPermission = {
  id: string
  mailboxId: string
  granteeId: string
  role: CalendarRole
  /** Until then the role before counts; null is as if nothing had been granted. */
  effectiveAt?: string
  roleBefore?: CalendarRole | null
}

/** The mailboxes an application may touch; null is all of them. Until it takes effect the list before counts. */
export type AppScope = { id: string; mailboxIds: string[] | null; before: string[] | null; effectiveAt: string }

/** A mailbox on its way to another server answers nothing. */
export type MailboxMove = { id: string; until: string; retryAfter: string | null }

export type DateTimeZone = { dateTime: string; timeZone: string }
export type Address = { name: string; address: string }
export type ResponseKind = 'none' | 'organizer' | 'tentativelyAccepted' | 'accepted' | 'declined' | 'notResponded'

export type Attendee = {
  emailAddress: Address
  type: 'required' | 'optional' | 'resource'
  status: { response: ResponseKind; time: string }
}

/** One participant's copy of a meeting: own id and change key, shared iCalUId. Instants are UTC; wall time and zone are kept beside them. */
export type EventItem = {
  id: string
  immutableId: string
  mailboxId: string
  iCalUId: string
  changeKey: string
  createdAt: string
  modifiedAt: string
  transactionId: string | null
  subject: string
  body: { contentType: 'text' | 'html'; content: string }
  startsAt: string
  endsAt: string
  originalStartTimeZone: string
  originalEndTimeZone: string
  isAllDay: boolean
  location: { displayName: string; locationEmailAddress?: string } | null
  attendees: Attendee[]
  organizer: Address
  isOrganizer: boolean
  responseStatus: { response: ResponseKind; time: string }
  showAs: 'free' | 'tentative' | 'busy' | 'oof' | 'workingElsewhere' | 'unknown'
  sensitivity: 'normal' | 'personal' | 'private' | 'confidential'
  importance: 'low' | 'normal' | 'high'
  isCancelled: boolean
  isDraft: boolean
  hideAttendees: boolean
  allowNewTimeProposals: boolean
  responseRequested: boolean
  isReminderOn: boolean
  reminderMinutesBeforeStart: number
  categories: string[]
  recurrence: Record<string, unknown> | null
  singleValueExtendedProperties: { id: string; value: string }[]
  /** Deleted Items: invisible to every read, kept so that the ledger's reader can see what became of it. */
  deletedAt: string | null
}

/** Work that happens later on the tenant's clock (delivery of an invitation, an answer of the booking attendant). */
export type Task = { id: string; dueAt: string; kind: string; payload: Record<string, unknown> }

/** A subscription to the events of one mailbox. */
export type Subscription = {
  id: string
  clientId: string
  /** The account whose token made it, or the app itself. */
  creatorId: string
  isByApplication: boolean
  mailboxId: string
  /** As it was asked for: `/Users/ann@contoso.example/events`. */
  resource: string
  changeTypes: ChangeKind[]
  notificationUrl: string
  lifecycleNotificationUrl: string | null
  clientState: string | null
  latestSupportedTlsVersion: string
  wantsImmutableIds: boolean
  expiresAt: string
  /** When it was made, renewed or reauthorized last, and until when the token of that call was good. */
  authorizedAt: string
  tokenExpiresAt: string
}

/** Something to be sent to one address, until it is taken or given up. */
export type Notification = {
  id: string
  url: string
  subscriptionId: string
  /** A lifecycle event is not held back when the subscription's token has lapsed. */
  isLifecycle: boolean
  payload: Record<string, unknown>
  queuedAt: string
  dueAt: string
  attempts: number
  /** Waits for a renewal of its subscription. */
  isPaused?: boolean
}

export type Fault = {
  id: string
  /** `POST /v1.0/users/*​/events`, `* /v1.0/me/**`; the path is matched against the request path, `*` is one segment, `**` any. */
  match: string
  times: number
  status: number | null
  headers: Record<string, string>
  body: unknown
  delayMs: number
  /** Do the work, then drop the connection without an answer (the classic duplicate). */
  dropAfter: boolean
  /** Drop the connection before anything is done. */
  dropBefore: boolean
  /** How likely it happens to a request that matches; always, when absent. */
  probability?: number
  /** Only requests on this mailbox: an object id, address or user principal name. */
  mailbox?: string | null
  /** An answer by name; `status`, `headers` and `body` still have the last word. */
  answer?: FaultName
  retryAfter?: string | { dateInMs: number }
  /** Lets the request through, and empties the list in its answer. */
  emptyList?: boolean
  /** Lets the request through, and writes these properties over those of every resource in its answer. */
  spoil?: Record<string, unknown>
}

/** One request as the judge saw it. No token, code, secret or password is ever recorded. */
export type LedgerEntry = {
  id: number
  at: string
  /** `notification` is what the tenant sent to a subscriber. */
  surface: 'entra' | 'graph' | 'notification'
  method: string
  path: string
  clientId: string | null
  /** Object id in the token, null for application tokens and for requests without one. */
  accountId: string | null
  accountName: string | null
  tokenKind: 'delegated' | 'application' | null
  grantType: string | null
  mailbox: string | null
  status: number
  errorCode: string | null
  requestId: string
  clientRequestId: string | null
  batchId: string | null
  faultId: string | null
}

/** Settings of a tenant that tests and administrators turn. */
export type Switches = SwitchSettings
