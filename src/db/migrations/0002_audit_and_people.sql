-- 0002_audit_and_people.sql
-- The trail can be searched; API tokens have scopes; programs have accounts of their own.
-- Old workers: go on, every new column has a default. Locks: short ones on audit_entries, users and api_tokens.

-- audit --------------------------------------------------------------------------------------------------------------

create index audit_entries_at on audit_entries (at);
create index audit_entries_actor on audit_entries (actor_id, seq desc);
create index audit_entries_action on audit_entries (action text_pattern_ops, seq desc);

-- Takes the chain's lock and then looks at its end. Volatile, so the second statement sees what the last writer committed
-- while this one waited. One round trip instead of two, because everybody else waits until our commit.
create function audit_chain_end(out previous_hash text, out at timestamptz) language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(7267001);
  select entry.hash into previous_hash from audit_entries entry order by entry.seq desc limit 1;
  at := date_trunc('milliseconds', clock_timestamp());
end $$;

-- people -------------------------------------------------------------------------------------------------------------

-- A program that signs in with API tokens and with nothing else: no password, no Microsoft identity, no address.
alter table users add column service_account boolean not null default false;
alter table users add constraint users_service_account_has_no_sign_in
  check (not service_account or (tenant_id is null and password_hash is null));
drop index users_local_email;
create unique index users_local_email on users (lower(email)) where tenant_id is null and not service_account;
create unique index users_service_account_name on users (lower(display_name)) where service_account;

-- What a token may be used for, at most; its owner's roles decide what within that.
alter table api_tokens add column scopes text[] not null default '{everything}'
  check (scopes <@ array['read', 'reservations', 'connections', 'everything'] and cardinality(scopes) > 0);
