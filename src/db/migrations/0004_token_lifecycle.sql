-- 0004_token_lifecycle.sql
-- Changes of tokens and of what resolutions rest on are told to every process; what expires, and who was warned of it.
-- Old workers: go on, they hear nothing and need nothing. Locks: brief ones on the tables that get triggers and a column.

-- Told at commit ------------------------------------------------------------------------------------------------------

-- By triggers and not by the program, so that no writer can forget it: src/connections/token-memory.ts rests on it.
-- Payload: 'CREDENTIAL-ID USER-ID' for one token (a System token has no user), '*' for a record any resolution may rest on.
create function tell_token_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('anteroom_tokens', old.credential_id || ' ' || coalesce(old.user_id::text, ''));
  return null;
end $$;

create function tell_records_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('anteroom_tokens', '*');
  return null;
end $$;

-- Leases and notes of use do not change the version, and are nobody's news.
create trigger tokens_tell_update after update on tokens
  for each row when (old.version is distinct from new.version or old.state is distinct from new.state)
  execute function tell_token_changed();
create trigger tokens_tell_delete after delete on tokens for each row execute function tell_token_changed();
create trigger tokens_tell_truncate after truncate on tokens for each statement execute function tell_records_changed();

do $$
declare
  record_table text;
begin
  foreach record_table in array array['application_scopes', 'aliases', 'connections', 'credentials', 'oauth_apps',
    'oauth_entity_scopes', 'oauth_entity_profiles', 'oauth_profile_scopes', 'alias_attributes', 'connection_attributes',
    'retry_policies']
  loop
    execute format('create trigger %I after insert or update or delete or truncate on %I for each statement execute function tell_records_changed()',
      record_table || '_tell', record_table);
  end loop;
end $$;

-- What expires ---------------------------------------------------------------------------------------------------------

-- As the administrator read it at Microsoft; Anteroom cannot ask for it.
alter table oauth_apps add column client_secret_expires_on date;

-- Keeping alive and the calendar both ask which tokens lapse first.
create index tokens_works_until on tokens (works_until) where state = 'ready' and works_until is not null;

-- One row for each warning that was given, so that none is given twice: of the same thing, for the same date, at the same distance.
create table expiry_warnings (
  subject_kind text not null check (subject_kind in ('client_secret', 'certificate', 'token')),
  subject_id uuid not null,
  expires_on date not null,
  days_before integer not null,
  told text not null,
  given_at timestamptz not null default now(),
  primary key (subject_kind, subject_id, expires_on, days_before)
);
