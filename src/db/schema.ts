import type { Generated } from 'kysely'

/** Every table as Kysely sees it. Features touch only their own; the order is the order of the migrations. `bigint` arrives as a string. */
export type Schema = {
  installation: InstallationTable
  leases: LeasesTable
  audit_entries: AuditEntriesTable
  vault_keys: VaultKeysTable
  vault_canary: VaultCanaryTable
  users: UsersTable
  user_roles: UserRolesTable
  sessions: SessionsTable
  sign_in_attempts: SignInAttemptsTable
  setup_codes: SetupCodesTable
  api_tokens: ApiTokensTable
  application_scopes: ApplicationScopesTable
  oauth_apps: OauthAppsTable
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
}

type VaultCanaryTable = {
  id: Generated<boolean>
  blob: Buffer
  created_at: Generated<Date>
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
}

type SignInAttemptsTable = {
  state_hash: Buffer
  return_to: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
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

type OauthAppsTable = {
  id: string
  name: string
  application_scope_id: string
  client_id: Generated<string>
  client_secret: Buffer | null
  client_secret_version: Generated<number>
  client_authentication: Generated<'client_secret_post' | 'client_secret_basic' | 'private_key_jwt'>
  default_grant_type: Generated<'authorization_code' | 'client_credentials'>
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
  client_secret_expires_on: string | null
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
  grant_type: 'authorization_code' | 'client_credentials'
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
  type: Generated<'oauth2'>
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
  active: Generated<boolean>
  version: Generated<number>
}

type ReservationsTable = {
  id: string
  room_id: string
  requested_for_id: string
  opened_by_id: string
  source: 'portal' | 'rest_api' | 'cli'
  state: 'draft' | 'awaiting_confirmation' | 'awaiting_approval' | 'confirmed' | 'declined' | 'cancelled' | 'failed'
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
  version: Generated<number>
  created_at: Date
  updated_at: Date
}

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
  action: 'create' | 'update' | 'cancel'
  generation: number
  actor_id: string
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
  organizer_user_id: string
  transaction_id: string
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
