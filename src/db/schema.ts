import type { Generated } from 'kysely'

/** Every table as Kysely sees it. Features touch only their own; the order is the order of the migrations. `bigint` arrives as a string. */
export type Schema = {
  installation: InstallationTable
  leases: LeasesTable
  audit_entries: AuditEntriesTable
  vault_keys: VaultKeysTable
  vault_processes: VaultProcessesTable
  users: UsersTable
  user_roles: UserRolesTable
  sessions: SessionsTable
  sign_in_attempts: SignInAttemptsTable
  setup_codes: SetupCodesTable
  api_tokens: ApiTokensTable
  application_scopes: ApplicationScopesTable
  oauth_apps: OauthAppsTable
  client_secrets: ClientSecretsTable
  client_certificates: ClientCertificatesTable
  oauth_entity_scopes: OauthEntityScopesTable
  oauth_entity_profiles: OauthEntityProfilesTable
  oauth_profile_scopes: OauthProfileScopesTable
  aliases: AliasesTable
  credentials: CredentialsTable
  connections: ConnectionsTable
  tokens: TokensTable
  expiry_warnings: ExpiryWarningsTable
  authorizations: AuthorizationsTable
  retry_policies: RetryPoliciesTable
  alias_attributes: AliasAttributesTable
  connection_attributes: ConnectionAttributesTable
  buildings: BuildingsTable
  rooms: RoomsTable
  reservations: ReservationsTable
  reservation_invitees: ReservationInviteesTable
  reservation_history: ReservationHistoryTable
  reservation_outbox: ReservationOutboxTable
  event_links: EventLinksTable
  properties: PropertiesTable
  calendar_providers: CalendarProvidersTable
  sync_configurations: SyncConfigurationsTable
  configured_rooms: ConfiguredRoomsView
  mailbox_slots: MailboxSlotsTable
  mailbox_waits: MailboxWaitsTable
  mailbox_pauses: MailboxPausesTable
  room_watches: RoomWatchesTable
  room_events: RoomEventsTable
  subscriptions: SubscriptionsTable
  watched_rooms: WatchedRoomsView
  calendar_items: CalendarItemsView
  listed_subscriptions: ListedSubscriptionsView
  listed_notifications: ListedNotificationsView
  webhook_registry: WebhookRegistryTable
  change_notifications: ChangeNotificationsTable
  reservation_proposals: ReservationProposalsTable
  sync_events: SyncEventsTable
  sync_decisions: SyncDecisionsTable
  letters: LettersTable
}

type InstallationTable = {
  id: string
  created_at: Generated<Date>
}

type LeasesTable = {
  lane: string
  owner: string
  fence: string
  expires_at: Date
}

type AuditEntriesTable = {
  seq: Generated<string>
  at: Generated<Date>
  actor_id: string | null
  actor_name: string
  action: string
  subject_kind: string
  subject_id: string
  subject_name: string
  details: Generated<Record<string, unknown>>
  request_id: string | null
  previous_hash: string
  hash: string
}

type VaultKeysTable = {
  id: string
  state: 'pending' | 'primary' | 'decrypt_only' | 'destroyed'
  created_at: Generated<Date>
  canary: Buffer
  primary_at: Date | null
  rewrapped_at: Date | null
}

type VaultProcessesTable = {
  id: string
  terms: string[]
  seen_at: Date
}

type UsersTable = {
  id: string
  tenant_id: string | null
  object_id: string | null
  email: string
  display_name: string
  password_hash: string | null
  active: Generated<boolean>
  time_zone: Generated<string>
  last_sign_in_at: Date | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
  service_account: Generated<boolean>
}

type UserRolesTable = {
  user_id: string
  role: 'admin' | 'credential_admin' | 'connection_admin' | 'oauth_admin' | 'rsvsync_admin' | 'approver' | 'employee'
}

type SessionsTable = {
  id: string
  token_hash: Buffer
  user_id: string
  created_at: Date
  last_seen_at: Date
  expires_at: Date
  ended_at: Date | null
  user_agent: Generated<string>
  proved_at: Generated<Date | null>
}

type SignInAttemptsTable = {
  state_hash: Buffer
  return_to: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
  proves_user_id: Generated<string | null>
}

type SetupCodesTable = {
  code_hash: Buffer
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

type ApiTokensTable = {
  id: string
  public_id: string
  secret_hash: Buffer
  user_id: string
  name: string
  created_at: Date
  expires_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
  scopes: Generated<('read' | 'reservations' | 'connections' | 'everything')[]>
}

type ApplicationScopesTable = {
  id: string
  key: string
  name: string
}

type GrantType = 'authorization_code' | 'client_credentials' | 'password' | 'jwt_bearer'

type OauthAppsTable = {
  id: string
  name: string
  application_scope_id: string
  client_id: Generated<string>
  client_authentication: Generated<'client_secret_post' | 'client_secret_basic' | 'private_key_jwt'>
  default_grant_type: Generated<GrantType>
  authorization_url: Generated<string>
  token_url: Generated<string>
  token_revocation_url: Generated<string>
  redirect_context: string
  use_mutual_authentication: Generated<boolean>
  send_credentials: Generated<'in_request_body' | 'as_basic_authorization_header'>
  refresh_token_lifespan_seconds: Generated<number>
  access_token_lifespan_seconds: Generated<number>
  logo_url: Generated<string>
  comments: Generated<string>
  accessible_from: Generated<'all_application_scopes' | 'this_application_scope_only'>
  active: Generated<boolean>
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
  issuer: Generated<string>
  assertion_audience: Generated<'token_url' | 'issuer'>
}

type ClientSecretsTable = {
  id: string
  oauth_app_id: string
  label: string
  value: Buffer
  secret_version: Generated<number>
  sealed_as: Generated<'client_secrets' | 'oauth_apps'>
  expires_on: string | null
  set_at: Date
  set_by: string
  worked_at: Date | null
  refused_at: Date | null
}

type ClientCertificatesTable = {
  id: string
  oauth_app_id: string
  label: string
  certificate: string
  private_key: Buffer
  secret_version: Generated<number>
  thumbprint: string
  not_before: Date
  expires_at: Date
  active: Generated<boolean>
  set_at: Date
  set_by: string
  worked_at: Date | null
  refused_at: Date | null
}

type OauthEntityScopesTable = {
  id: string
  oauth_app_id: string
  name: string
  scope: string
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
}

type OauthEntityProfilesTable = {
  id: string
  oauth_app_id: string
  name: string
  grant_type: GrantType
  is_default: Generated<boolean>
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
}

type OauthProfileScopesTable = {
  profile_id: string
  scope_id: string
}

type AliasesTable = {
  id: string
  alias_id: string
  name: string
  application_scope_id: string
  type: Generated<'credential' | 'connection_and_credential'>
  parent_id: string | null
  connection_type: 'http' | null
  supports_multiple_active_connections: boolean | null
  description: Generated<string>
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
  retry_policy_id: string | null
  credential_id: string | null
}

type RetryPoliciesTable = {
  id: string
  name: string
  strategy: 'exponential' | 'fixed' | 'retry_after'
  attempts_max: number
  first_wait_ms: number
  wait_max_ms: number
  total_ms: number
  /** JSON, parsed where it is read. */
  conditions: unknown
  is_default: Generated<boolean>
  description: Generated<string>
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
}

type AliasAttributesTable = {
  id: string
  alias_id: string
  name: string
  label: string
  type: 'string' | 'number' | 'boolean'
  description: Generated<string>
  /** JSON: a string, a number, a boolean or nothing. */
  default_value: unknown
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
}

type ConnectionAttributesTable = {
  connection_id: string
  attribute_id: string
  value: unknown
}

type CredentialsTable = {
  id: string
  name: string
  application_scope_id: string
  type: Generated<'oauth2' | 'basic' | 'api_key' | 'bearer' | 'client_certificate'>
  active: Generated<boolean>
  integration_type: Generated<'system' | 'personal'>
  oauth_entity_profile_id: string | null
  expected_account: string | null
  expected_tenant_id: string | null
  expected_object_id: string | null
  sort_order: Generated<number>
  comments: Generated<string>
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
  username: string | null
  destination: string | null
  key_in: 'header' | 'query' | null
  key_name: string | null
  secret: Buffer | null
  secret_version: Generated<number>
  secret_set_at: Date | null
  secret_set_by: string | null
  certificate: string | null
  certificate_expires_at: Date | null
}

type ConnectionsTable = {
  id: string
  name: string
  application_scope_id: string
  type: Generated<'http'>
  alias_id: string
  credential_id: string | null
  active: Generated<boolean>
  connection_url: string | null
  use_url_builder: Generated<boolean>
  protocol: string | null
  host: string | null
  port: number | null
  base_path: string | null
  timeout_ms: number | null
  sort_order: Generated<number>
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
}

type ExpiryWarningsTable = {
  subject_kind: 'client_secret' | 'certificate' | 'token'
  subject_id: string
  expires_on: string
  days_before: number
  told: string
  given_at: Generated<Date>
}

type TokensTable = {
  id: string
  credential_id: string
  user_id: string | null
  oauth_app_id: string
  state: 'ready' | 'reauth_required' | 'revoked'
  account_tenant_id: string | null
  account_object_id: string | null
  account_name: string | null
  account_email: string | null
  scopes_asked: string[]
  scopes_granted: string[]
  access_token: Buffer | null
  access_expires_at: Date | null
  refresh_token: Buffer | null
  works_until: Date | null
  secret_version: Generated<number>
  obtained_by: string
  obtained_by_id: string | null
  obtained_at: Date
  refreshed_at: Date | null
  last_used_at: Date | null
  last_error_code: string | null
  last_error_say: string | null
  last_error_at: Date | null
  probe_ok: boolean | null
  probe_say: string | null
  probed_at: Date | null
  refresh_owner: string | null
  refresh_fence: Generated<string>
  refresh_until: Date | null
  version: Generated<number>
  refresh_slow_fence: string | null
}

type AuthorizationsTable = {
  id: string
  state_hash: Buffer
  context: string
  credential_id: string
  oauth_app_id: string
  user_id: string
  session_id: string
  purpose: 'system' | 'personal'
  issuer: string
  authorization_url: string
  token_url: string
  client_id: string
  scopes: string[]
  return_to: string
  opened_in: Generated<'page' | 'popup'>
  created_at: Date
  expires_at: Date
  used_at: Date | null
  outcome: Generated<'pending' | 'stored' | 'refused'>
  outcome_code: string | null
  outcome_say: string | null
  expected_name: string | null
  actual_name: string | null
}

type BuildingsTable = {
  id: string
  name: string
  city: string
  time_zone: string
  version: Generated<number>
}

type RoomsTable = {
  id: string
  building_id: string
  name: string
  mailbox: string
  floor: number | null
  capacity: number
  equipment: Generated<string[]>
  needs_approval: Generated<boolean>
  own_approval: Generated<boolean>
  active: Generated<boolean>
  version: Generated<number>
}

type ReservationsTable = {
  id: string
  room_id: string
  requested_for_id: string | null
  opened_by_id: string | null
  organizer_name: Generated<string | null>
  organizer_email: Generated<string | null>
  source: ReservationSource
  state:
    | 'draft'
    | 'awaiting_confirmation'
    | 'awaiting_approval'
    | 'confirmed'
    | 'conflicted'
    | 'declined'
    | 'rejected'
    | 'expired'
    | 'cancelled'
    | 'failed'
  state_reason: string | null
  subject: string
  notes: Generated<string>
  is_private: Generated<boolean>
  starts_at: Date
  ends_at: Date
  time_zone: string
  generation: Generated<number>
  idempotency_key: string | null
  request_hash: string | null
  permission_credential_id: string | null
  permission_say: string | null
  in_calendar: Generated<boolean>
  sync_mailbox: Generated<'user' | 'other' | null>
  sync_state: Generated<
    'not_required' | 'synchronization_required' | 'sync_enqueued' | 'synchronized' | 'not_sent' | 'failed'
  >
  approval: Generated<'not_required' | 'awaiting_approval' | 'approved' | 'rejected'>
  external_approval: Generated<'not_required' | 'awaiting_approval' | 'accepted' | 'declined'>
  room_answer: Generated<'none' | 'tentative' | 'accepted' | 'declined'>
  parent_id: Generated<string | null>
  shape: Generated<'single' | 'parent' | 'child' | 'master' | 'occurrence' | 'exception'>
  original_starts_at: Generated<Date | null>
  version: Generated<number>
  created_at: Date
  updated_at: Date
}

type ReservationSource =
  | 'portal'
  | 'quick_reservation'
  | 'mobile'
  | 'event_planner'
  | 'rest_api'
  | 'cli'
  | 'panel'
  | 'system'
  | 'outlook'

type ReservationInviteesTable = {
  reservation_id: string
  email: string
  display_name: string
}

type ReservationHistoryTable = {
  id: string
  reservation_id: string
  seq: Generated<string>
  at: Date
  kind: string
  sentence: string
  identity: string | null
  request_id: string | null
  details: Generated<Record<string, unknown>>
}

type ReservationOutboxTable = {
  seq: Generated<string>
  reservation_id: string
  lane: string
  action: 'create' | 'update' | 'cancel' | 'release'
  generation: number
  actor_id: string | null
  source: Generated<ReservationSource>
  frees_from: Date | null
  frees_until: Date | null
  attempts: Generated<number>
  not_before: Date
  waits_for_permission_of: string | null
  created_at: Date
  done_at: Date | null
}

type EventLinksTable = {
  reservation_id: string
  mailbox: string
  organizer_user_id: string | null
  transaction_id: string | null
  event_id: string | null
  i_cal_uid: string | null
  etag: string | null
  digest: string | null
  room_answer: Generated<string>
  attempts: Generated<number>
  attempting_since: Date | null
  asked_at: Date | null
  next_look_at: Date | null
  last_error_code: string | null
  last_error_say: string | null
  created_at: Date
  updated_at: Date
  provider_id: Generated<string | null>
  acts_as: Generated<'application' | 'delegated' | 'personal' | null>
  born_outside: Generated<boolean>
  ended_by: Generated<'here' | 'outlook' | null>
}

type PropertiesTable = {
  name: string
  value: unknown
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
}

type CalendarProvidersTable = {
  id: string
  name: string
  description: Generated<string>
  active: Generated<boolean>
  processor: Generated<'microsoft_graph'>
  mode: Generated<'normal' | 'strict' | 'personal' | null>
  override_alias_id: Generated<string | null>
  delegated_user_email: Generated<string | null>
  sync_starts_on: Generated<string | null>
  sync_ends_on: Generated<string | null>
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
}

type SyncConfigurationsTable = {
  id: string
  room_id: string
  provider_id: string
  active: Generated<boolean>
  no_request: Generated<boolean>
  created_at: Generated<Date>
  updated_at: Generated<Date>
  updated_by: Generated<string>
  version: Generated<number>
}

/** Only read. */
type ConfiguredRoomsView = {
  id: string
  room_id: string
  provider_id: string
  active: boolean
  no_request: boolean
  updated_at: Date
  updated_by: string
  version: number
  room_name: string
  mailbox: string
  room_active: boolean
  building_id: string
  building_name: string
  provider_name: string
  provider_active: boolean
  provider_mode: 'normal' | 'strict' | 'personal' | null
}

type MailboxSlotsTable = {
  application: string
  mailbox: string
  slot: number
  holder: string
  expires_at: Date
}

type MailboxWaitsTable = {
  application: string
  mailbox: string
  process: string
  urgency: 'interactive' | 'bulk'
  inside: number
  expires_at: Date
}

type MailboxPausesTable = {
  application: string
  mailbox: string
  paused_until: Date
}

type RoomWatchesTable = {
  room_id: string
  provider_id: string
  mailbox: string
  state: Generated<'waiting' | 'watching' | 'held' | 'stopped'>
  state_code: Generated<string | null>
  state_say: Generated<string | null>
  method: Generated<'delta' | 'windows' | null>
  alias_id: Generated<string | null>
  identity: Generated<string | null>
  capabilities: Generated<Record<string, unknown>>
  probed_at: Generated<Date | null>
  next_probe_at: Generated<Date | null>
  delta_link: Generated<string | null>
  window_starts_at: Generated<Date | null>
  window_ends_at: Generated<Date | null>
  round_link: Generated<string | null>
  round_began_at: Generated<Date | null>
  round_starts_at: Generated<Date | null>
  round_ends_at: Generated<Date | null>
  hints: Generated<string>
  read_hints: Generated<string>
  hinted_at: Generated<Date | null>
  read_seq: Generated<string>
  read_at: Generated<Date | null>
  whole_read_at: Generated<Date | null>
  next_read_at: Generated<Date | null>
  looked_at_until: Generated<Date | null>
  compared_at: Generated<Date | null>
  next_compare_at: Generated<Date | null>
  drift: Generated<number>
  drift_found: Generated<number>
  loss_approved_at: Generated<Date | null>
  attempts: Generated<number>
  last_error_code: Generated<string | null>
  last_error_say: Generated<string | null>
  last_error_at: Generated<Date | null>
  created_at: Date
  updated_at: Date
}

type RoomEventsTable = {
  id: string
  room_id: string
  event_id: string
  i_cal_uid: string
  etag: string
  digest: string
  starts_at: Date
  ends_at: Date
  view: Record<string, unknown>
  gone_at: Generated<Date | null>
  gone_why: Generated<'deleted' | 'cancelled' | null>
  first_seen_at: Date
  seen_at: Date
  changed_at: Date
  missing_at: Generated<Date | null>
  plan_due_at: Date | null
  plan_attempts: Generated<number>
  planned_at: Generated<Date | null>
  reservation_id: Generated<string | null>
  decision: Generated<string | null>
  decision_why: Generated<string | null>
  last_error_code: Generated<string | null>
  last_error_say: Generated<string | null>
}

type SubscriptionsTable = {
  id: string
  room_id: string | null
  provider_id: string
  mailbox: string
  resource: string
  state: 'creating' | 'active' | 'failed' | 'removing' | 'removed'
  external_id: Generated<string | null>
  nonce: string
  client_state_hash: Buffer
  made_with: string
  expires_at: Generated<Date | null>
  renewed_at: Generated<Date | null>
  renew_at: Generated<Date | null>
  told: Generated<'reauthorize' | 'removed' | null>
  proving_until: Generated<Date | null>
  last_notification_at: Generated<Date | null>
  refused: Generated<number>
  attempts: Generated<number>
  last_error_code: Generated<string | null>
  last_error_say: Generated<string | null>
  created_at: Date
  updated_at: Date
}

/** Only read. */
type WatchedRoomsView = RoomWatchesTable & { room_name: string; building_name: string; provider_name: string }

/** Only read. */
type CalendarItemsView = RoomEventsTable & { room_name: string }

/** Only read. */
type ListedSubscriptionsView = SubscriptionsTable & { room_name: string | null; provider_name: string }

/** Only read. */
type ListedNotificationsView = ChangeNotificationsTable & { mailbox: string; room_name: string | null }

type WebhookRegistryTable = {
  id: Generated<boolean>
  name: string
  nonce: string
  rotated_at: Date
  rotated_by: string
}

type ChangeNotificationsTable = {
  seq: Generated<string>
  subscription_id: string
  room_id: string | null
  kind: string
  resource_id: string | null
  etag: string | null
  received_at: Date
  handled_at: Generated<Date | null>
}

type ReservationProposalsTable = {
  id: string
  reservation_id: string
  proposed_by_id: string
  what: Record<string, unknown>
  sentence: string
  because: string
  mailed_to: string | null
  created_at: Date
  settled_at: Generated<Date | null>
  outcome: Generated<'taken' | 'overtaken' | 'withdrawn' | null>
}

type SyncEventsTable = {
  seq: string
  reservation_id: string
  room_id: string
  provider_id: string | null
  action: 'create' | 'update' | 'cancel' | 'release'
  state: 'new' | 'processing' | 'processed' | 'error'
  sub_state: Generated<string | null>
  mailbox: Generated<string | null>
  acts_as: Generated<'application' | 'delegated' | 'personal' | null>
  identity: Generated<string | null>
  payload: Generated<Record<string, unknown> | null>
  provider_payload: Generated<Record<string, unknown> | null>
  response: Generated<Record<string, unknown> | null>
  difference: Generated<Record<string, unknown> | null>
  request_id: Generated<string | null>
  attempts: Generated<number>
  last_error_code: Generated<string | null>
  last_error_say: Generated<string | null>
  created_at: Date
  updated_at: Date
  processed_at: Generated<Date | null>
}

type SyncDecisionsTable = {
  seq: Generated<string>
  at: Date
  room_id: string
  reservation_id: string | null
  room_event_id: string | null
  decision: string
  why: string
  details: Generated<Record<string, unknown>>
}

type LettersTable = {
  id: string
  to_name: string
  to_email: string
  subject: string
  text: string
  about: string
  state: Generated<'waiting' | 'sent' | 'failed'>
  written_at: Date
  due_at: Generated<Date>
  tries: Generated<number>
  sent_at: Date | null
  trouble: string | null
}
