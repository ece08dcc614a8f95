-- 0006_credential_types_and_client_keys.sql
-- Several client secrets and certificates for an OAuth app, credentials that need no token, two more grants, aliases of a credential alone.
-- Old workers: stop them first, they read client secrets from columns that go away. Locks: oauth_apps, oauth_entity_profiles, credentials and aliases, exclusively and briefly, no rewrite.

-- What an OAuth app proves itself with --------------------------------------------------------------------------------

create table client_secrets (
  id uuid primary key,
  oauth_app_id uuid not null references oauth_apps on delete cascade,
  label text not null,
  value bytea not null,
  secret_version integer not null default 1,
  -- What the value is bound to. One that is older than this table was sealed as a column of its OAuth app, and stays that until it is replaced:
  -- resealing needs the root key, which a migration does not have.
  sealed_as text not null default 'client_secrets' check (sealed_as in ('client_secrets', 'oauth_apps')),
  -- As the administrator read it at the provider; Anteroom cannot ask for it.
  expires_on date,
  set_at timestamptz not null,
  set_by text not null,
  worked_at timestamptz,
  refused_at timestamptz
);
create index client_secrets_app on client_secrets (oauth_app_id);

insert into client_secrets (id, oauth_app_id, label, value, secret_version, sealed_as, expires_on, set_at, set_by)
select gen_random_uuid(), id, 'Client secret', client_secret, client_secret_version, 'oauth_apps', client_secret_expires_on, updated_at, updated_by
from oauth_apps where client_secret is not null;

-- A warning that was given stays given.
update expiry_warnings w set subject_id = s.id
from client_secrets s where w.subject_kind = 'client_secret' and w.subject_id = s.oauth_app_id;

alter table oauth_apps drop column client_secret, drop column client_secret_version, drop column client_secret_expires_on;

create table client_certificates (
  id uuid primary key,
  oauth_app_id uuid not null references oauth_apps on delete cascade,
  label text not null,
  -- PEM; what may be shown to anybody.
  certificate text not null,
  private_key bytea not null,
  secret_version integer not null default 1,
  -- SHA-256 of the certificate in base64url: what assertions name it by (x5t#S256).
  thumbprint text not null,
  not_before timestamptz not null,
  expires_at timestamptz not null,
  active boolean not null default true,
  set_at timestamptz not null,
  set_by text not null,
  worked_at timestamptz,
  refused_at timestamptz,
  unique (oauth_app_id, thumbprint)
);

-- Providers and grants ------------------------------------------------------------------------------------------------

alter table oauth_apps
  -- OpenID Connect issuer of a provider that is not one we know by its addresses.
  add column issuer text not null default '',
  -- Whom an assertion is for: the exact Token URL, or the issuer.
  add column assertion_audience text not null default 'token_url' check (assertion_audience in ('token_url', 'issuer')),
  drop constraint oauth_apps_default_grant_type_check,
  add constraint oauth_apps_default_grant_type_check
    check (default_grant_type in ('authorization_code', 'client_credentials', 'password', 'jwt_bearer'));

alter table oauth_entity_profiles
  drop constraint oauth_entity_profiles_grant_type_check,
  add constraint oauth_entity_profiles_grant_type_check
    check (grant_type in ('authorization_code', 'client_credentials', 'password', 'jwt_bearer'));

-- Credentials ---------------------------------------------------------------------------------------------------------

alter table credentials
  drop constraint credentials_type_check,
  add constraint credentials_type_check check (type in ('oauth2', 'basic', 'api_key', 'bearer', 'client_certificate')),
  -- Only somebody who signs in can have a token of their own.
  add constraint credentials_personal_signs_in check (integration_type = 'system' or type = 'oauth2'),
  -- Basic and password grant: the user name. JWT bearer: whom the token is for.
  add column username text,
  -- The only origin that the secret is sent to; part of what it is sealed with. With OAuth 2.0 the Token URL and client ID, for the password.
  add column destination text,
  add column key_in text check (key_in in ('header', 'query')),
  add column key_name text,
  -- Password, API key, bearer token or private key, by type.
  add column secret bytea,
  add column secret_version integer not null default 0,
  add column secret_set_at timestamptz,
  add column secret_set_by text,
  add column certificate text,
  add column certificate_expires_at timestamptz,
  add constraint credentials_secret_is_bound check (secret is null or destination is not null);

-- Aliases of a credential alone ---------------------------------------------------------------------------------------

alter table aliases
  add column credential_id uuid references credentials,
  add constraint aliases_only_credential_aliases_name_one check (credential_id is null or type = 'credential');
create index aliases_credential on aliases (credential_id) where credential_id is not null;

-- Told at commit, as every record is that a resolution may rest on (0004) ------------------------------------------------

create trigger client_secrets_tell after insert or update or delete or truncate on client_secrets
  for each statement execute function tell_records_changed();
create trigger client_certificates_tell after insert or update or delete or truncate on client_certificates
  for each statement execute function tell_records_changed();
