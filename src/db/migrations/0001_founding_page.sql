-- 0001_founding_page.sql
-- The first schema. Old workers: none exist. Locks: nothing that holds data.

create extension if not exists btree_gist;

-- One row: which installation this database belongs to. It is part of what seals a secret, so it never changes.
create table installation (
  id uuid primary key,
  created_at timestamptz not null default now()
);
create unique index installation_single on installation ((true));

-- jobs ---------------------------------------------------------------------------------------------------------------

create table leases (
  lane text primary key,
  owner text not null,
  fence bigint not null,
  expires_at timestamptz not null
);

-- audit --------------------------------------------------------------------------------------------------------------

create table audit_entries (
  seq bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor_id uuid,
  actor_name text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  subject_name text not null,
  details jsonb not null default '{}',
  request_id text,
  previous_hash text not null,
  hash text not null
);
create index audit_entries_subject on audit_entries (subject_kind, subject_id, seq desc);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_entries is append-only';
end $$;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
  for each statement execute function audit_is_append_only();

-- vault --------------------------------------------------------------------------------------------------------------

create table vault_keys (
  id bigint primary key,
  state text not null check (state in ('pending', 'primary', 'decrypt_only', 'destroyed')),
  created_at timestamptz not null default now()
);
create unique index vault_keys_one_primary on vault_keys (state) where state = 'primary';

-- Opens only with the right root key: how a wrong or missing key is noticed before anything else is tried.
create table vault_canary (
  id boolean primary key default true check (id),
  blob bytea not null,
  created_at timestamptz not null default now()
);

-- people -------------------------------------------------------------------------------------------------------------

create table users (
  id uuid primary key,
  -- Microsoft's identity of this person: tenant id and object id, never the e-mail (graph-facts: key users by tid and oid).
  tenant_id text,
  object_id text,
  email text not null,
  display_name text not null,
  password_hash text,
  active boolean not null default true,
  time_zone text not null default 'UTC',
  last_sign_in_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1,
  check ((tenant_id is null) = (object_id is null))
);
create unique index users_microsoft_identity on users (tenant_id, object_id);
create unique index users_local_email on users (lower(email)) where tenant_id is null;
create index users_email on users (lower(email));
create index users_name on users (lower(display_name) text_pattern_ops);

create table user_roles (
  user_id uuid not null references users on delete cascade,
  role text not null check (role in ('admin', 'credential_admin', 'connection_admin', 'oauth_admin', 'rsvsync_admin', 'approver', 'employee')),
  primary key (user_id, role)
);

create table sessions (
  id uuid primary key,
  token_hash bytea not null unique,
  user_id uuid not null references users on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  user_agent text not null default ''
);
create index sessions_user on sessions (user_id) where ended_at is null;

-- Started sign-ins. Verifier and nonce are derived from a secret only the browser holds, so nothing here can be replayed.
create table sign_in_attempts (
  state_hash bytea primary key,
  return_to text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table setup_codes (
  code_hash bytea primary key,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table api_tokens (
  id uuid primary key,
  public_id text not null unique,
  secret_hash bytea not null,
  user_id uuid not null references users on delete cascade,
  name text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_tokens_user on api_tokens (user_id);

-- connections --------------------------------------------------------------------------------------------------------

create table application_scopes (
  id uuid primary key,
  key text not null unique,
  name text not null unique
);

create table oauth_apps (
  id uuid primary key,
  name text not null,
  application_scope_id uuid not null references application_scopes,
  client_id text not null default '',
  client_secret bytea,
  client_secret_version integer not null default 0,
  client_authentication text not null default 'client_secret_post'
    check (client_authentication in ('client_secret_post', 'client_secret_basic', 'private_key_jwt')),
  default_grant_type text not null default 'authorization_code' check (default_grant_type in ('authorization_code', 'client_credentials')),
  authorization_url text not null default '',
  token_url text not null default '',
  token_revocation_url text not null default '',
  redirect_context text not null unique,
  use_mutual_authentication boolean not null default false,
  send_credentials text not null default 'in_request_body' check (send_credentials in ('in_request_body', 'as_basic_authorization_header')),
  refresh_token_lifespan_seconds integer not null default 7776000,
  access_token_lifespan_seconds integer not null default 3600,
  logo_url text not null default '',
  comments text not null default '',
  accessible_from text not null default 'all_application_scopes' check (accessible_from in ('all_application_scopes', 'this_application_scope_only')),
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1
);
create unique index oauth_apps_name on oauth_apps (lower(name));

create table oauth_entity_scopes (
  id uuid primary key,
  oauth_app_id uuid not null references oauth_apps on delete cascade,
  name text not null,
  scope text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1,
  unique (oauth_app_id, scope)
);

create table oauth_entity_profiles (
  id uuid primary key,
  oauth_app_id uuid not null references oauth_apps on delete cascade,
  name text not null,
  grant_type text not null check (grant_type in ('authorization_code', 'client_credentials')),
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1,
  unique (oauth_app_id, name)
);
create unique index oauth_entity_profiles_one_default on oauth_entity_profiles (oauth_app_id) where is_default;

create table oauth_profile_scopes (
  profile_id uuid not null references oauth_entity_profiles on delete cascade,
  scope_id uuid not null references oauth_entity_scopes on delete cascade,
  primary key (profile_id, scope_id)
);

create table aliases (
  id uuid primary key,
  -- `scope.name`, or the bare name in Global. What code resolves by.
  alias_id text not null unique,
  name text not null check (name ~ '^[A-Za-z0-9_]+$'),
  application_scope_id uuid not null references application_scopes,
  type text not null default 'connection_and_credential' check (type in ('credential', 'connection_and_credential')),
  parent_id uuid references aliases,
  connection_type text check (connection_type in ('http')),
  supports_multiple_active_connections boolean,
  description text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1,
  check (parent_id is distinct from id)
);
create index aliases_parent on aliases (parent_id);

create table credentials (
  id uuid primary key,
  name text not null,
  application_scope_id uuid not null references application_scopes,
  type text not null default 'oauth2' check (type in ('oauth2')),
  active boolean not null default true,
  integration_type text not null default 'system' check (integration_type in ('system', 'personal')),
  oauth_entity_profile_id uuid references oauth_entity_profiles,
  -- System credentials: the mailbox whose owner must sign in. Bound to tenant and object id by the first accepted sign-in.
  expected_account text,
  expected_tenant_id text,
  expected_object_id text,
  sort_order integer not null default 100,
  comments text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1
);
create unique index credentials_name on credentials (lower(name));

create table connections (
  id uuid primary key,
  name text not null,
  application_scope_id uuid not null references application_scopes,
  type text not null default 'http' check (type in ('http')),
  alias_id uuid not null references aliases,
  credential_id uuid references credentials,
  active boolean not null default true,
  -- Null: inherited from the parent alias's active connection (the written table is in connections/inheritance.ts).
  connection_url text,
  use_url_builder boolean not null default false,
  protocol text,
  host text,
  port integer,
  base_path text,
  timeout_ms integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1
);
create unique index connections_name on connections (lower(name));
create index connections_alias on connections (alias_id);
create index connections_credential on connections (credential_id);

-- One token per credential (System) or per credential and person (Personal).
create table tokens (
  id uuid primary key,
  credential_id uuid not null references credentials on delete cascade,
  user_id uuid references users on delete cascade,
  oauth_app_id uuid not null references oauth_apps,
  state text not null check (state in ('ready', 'reauth_required', 'revoked')),
  account_tenant_id text,
  account_object_id text,
  account_name text,
  account_email text,
  scopes_asked text[] not null,
  scopes_granted text[] not null,
  access_token bytea,
  access_expires_at timestamptz,
  refresh_token bytea,
  works_until timestamptz,
  secret_version integer not null default 1,
  obtained_by text not null,
  obtained_by_id uuid,
  obtained_at timestamptz not null,
  refreshed_at timestamptz,
  last_used_at timestamptz,
  last_error_code text,
  last_error_say text,
  last_error_at timestamptz,
  probe_ok boolean,
  probe_say text,
  probed_at timestamptz,
  refresh_owner text,
  refresh_fence bigint not null default 0,
  refresh_until timestamptz,
  version integer not null default 1
);
create unique index tokens_system on tokens (credential_id) where user_id is null;
create unique index tokens_personal on tokens (credential_id, user_id) where user_id is not null;
create index tokens_user on tokens (user_id);
create index tokens_expiry on tokens (access_expires_at) where state = 'ready';

-- One press of Get OAuth Token or Authorise. Verifier and nonce come from a secret that only that browser holds.
create table authorizations (
  id uuid primary key,
  state_hash bytea not null unique,
  context text not null,
  credential_id uuid not null references credentials on delete cascade,
  oauth_app_id uuid not null references oauth_apps on delete cascade,
  user_id uuid not null references users on delete cascade,
  session_id uuid not null references sessions on delete cascade,
  purpose text not null check (purpose in ('system', 'personal')),
  issuer text not null,
  authorization_url text not null,
  token_url text not null,
  client_id text not null,
  scopes text[] not null,
  return_to text not null,
  opened_in text not null default 'page' check (opened_in in ('page', 'popup')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  outcome text not null default 'pending' check (outcome in ('pending', 'stored', 'refused')),
  outcome_code text,
  outcome_say text,
  expected_name text,
  actual_name text
);
create index authorizations_user on authorizations (user_id, created_at desc);

-- rooms --------------------------------------------------------------------------------------------------------------

create table buildings (
  id uuid primary key,
  name text not null unique,
  city text not null,
  time_zone text not null,
  version integer not null default 1
);

create table rooms (
  id uuid primary key,
  building_id uuid not null references buildings,
  name text not null,
  mailbox text not null,
  floor integer,
  capacity integer not null check (capacity > 0),
  equipment text[] not null default '{}',
  needs_approval boolean not null default false,
  active boolean not null default true,
  version integer not null default 1
);
create unique index rooms_mailbox on rooms (lower(mailbox));
create index rooms_building on rooms (building_id);

-- reservations -------------------------------------------------------------------------------------------------------

create table reservations (
  id uuid primary key,
  room_id uuid not null references rooms,
  requested_for_id uuid not null references users,
  opened_by_id uuid not null references users,
  source text not null check (source in ('portal', 'rest_api', 'cli')),
  state text not null check (state in ('draft', 'awaiting_confirmation', 'awaiting_approval', 'confirmed', 'declined', 'cancelled', 'failed')),
  state_reason text,
  subject text not null,
  notes text not null default '',
  is_private boolean not null default false,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  time_zone text not null,
  generation integer not null default 1,
  idempotency_key text,
  -- What the key was first used for: the same key with another request is refused.
  request_hash text,
  -- Set while it waits for the person's permission: which credential to authorise, and a sentence.
  permission_credential_id uuid,
  permission_say text,
  in_calendar boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check (ends_at > starts_at),
  -- Two reservations that hold a room can never overlap, whatever code runs.
  constraint reservations_no_overlap exclude using gist (room_id with =, tstzrange(starts_at, ends_at) with &&)
    where (state in ('awaiting_confirmation', 'awaiting_approval', 'confirmed'))
);
create index reservations_person on reservations (requested_for_id, starts_at);
create index reservations_room on reservations (room_id, starts_at);
create unique index reservations_idempotency on reservations (opened_by_id, idempotency_key) where idempotency_key is not null;

create table reservation_invitees (
  reservation_id uuid not null references reservations on delete cascade,
  email text not null,
  display_name text not null,
  primary key (reservation_id, email)
);

-- What happened, in order: the timeline a person reads.
create table reservation_history (
  id uuid primary key,
  reservation_id uuid not null references reservations on delete cascade,
  seq bigint generated always as identity,
  at timestamptz not null,
  kind text not null,
  sentence text not null,
  identity text,
  request_id text,
  details jsonb not null default '{}'
);
create index reservation_history_reservation on reservation_history (reservation_id, seq desc);

-- Written in the transaction of the change, drained in sequence per lane (the room) by whoever keeps calendars in step.
create table reservation_outbox (
  seq bigint generated always as identity primary key,
  reservation_id uuid not null references reservations on delete cascade,
  lane uuid not null,
  action text not null check (action in ('create', 'update', 'cancel')),
  generation integer not null,
  actor_id uuid not null references users,
  -- The time that the room gets back when this is done. Who wants it must wait, or the room would decline.
  frees_from timestamptz,
  frees_until timestamptz,
  attempts integer not null default 0,
  not_before timestamptz not null,
  -- Nothing but this person's permission can move it on. It holds up nobody else meanwhile.
  waits_for_permission_of uuid references users,
  created_at timestamptz not null,
  done_at timestamptz
);
create index reservation_outbox_permission on reservation_outbox (waits_for_permission_of) where done_at is null;
create index reservation_outbox_reservation on reservation_outbox (reservation_id) where done_at is null;
create index reservation_outbox_waiting on reservation_outbox (lane, seq) where done_at is null;

-- sync ---------------------------------------------------------------------------------------------------------------

-- One reservation's event in the organizer's mailbox. `etag` and `digest` are what both sides last agreed on.
create table event_links (
  reservation_id uuid primary key references reservations on delete cascade,
  mailbox text not null,
  organizer_user_id uuid not null references users,
  transaction_id text not null,
  event_id text,
  i_cal_uid text,
  etag text,
  digest text,
  room_answer text not null default 'none',
  attempts integer not null default 0,
  attempting_since timestamptz,
  -- When the room was last asked: how long it has been silent decides how often we look.
  asked_at timestamptz,
  next_look_at timestamptz,
  last_error_code text,
  last_error_say text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index event_links_event on event_links (mailbox, event_id) where event_id is not null;
create index event_links_look on event_links (next_look_at) where next_look_at is not null;
