-- 0008_vault_keys.sql
-- Vault keys that can be changed while everything runs.
-- Old workers: stop them first, they look for vault_canary when they start. Locks: vault_keys, exclusively and briefly.

-- Each term has a canary of its own, and processes say which terms they can use.
alter table vault_keys add column canary bytea;
update vault_keys set canary = (select blob from vault_canary);
alter table vault_keys alter column canary set not null;
drop table vault_canary;
alter table vault_keys add column primary_at timestamptz;
update vault_keys set primary_at = created_at;
-- When the last value that it sealed was under a newer term.
alter table vault_keys add column rewrapped_at timestamptz;

create table vault_processes (
  id uuid primary key,
  terms bigint[] not null,
  seen_at timestamptz not null
);

-- What processes remember of tokens may be sealed with a term that is gone.
create trigger vault_keys_tell after update on vault_keys for each statement execute function tell_records_changed();
