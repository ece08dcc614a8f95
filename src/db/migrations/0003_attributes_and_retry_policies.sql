-- 0003_attributes_and_retry_policies.sql
-- Attributes of aliases and their values, retry policies, the order of several active connections. Old workers: they ignore what is new. Locks: brief ones on aliases and connections, for columns without a rewrite.

create table retry_policies (
  id uuid primary key,
  name text not null,
  strategy text not null check (strategy in ('exponential', 'fixed', 'retry_after')),
  -- All tries of one call, the first included.
  attempts_max integer not null check (attempts_max between 1 and 20),
  first_wait_ms integer not null check (first_wait_ms between 0 and 3600000),
  wait_max_ms integer not null check (wait_max_ms between 0 and 3600000),
  total_ms integer not null check (total_ms between 0 and 86400000),
  -- {"statuses":[429],"errors":["no_answer"],"headers":[{"name":"","contains":""}],"bodyContains":[""],"methods":null}
  conditions jsonb not null,
  is_default boolean not null default false,
  description text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1
);
create unique index retry_policies_name on retry_policies (lower(name));
create unique index retry_policies_one_default on retry_policies ((true)) where is_default;

-- Null: inherited from the parent alias, and at the top the default policy.
alter table aliases add column retry_policy_id uuid references retry_policies;
create index aliases_retry_policy on aliases (retry_policy_id) where retry_policy_id is not null;

-- Of several active connections of an alias the lowest order is used, then the first name.
alter table connections add column sort_order integer not null default 100;

-- Defined on an alias, for its own connections and those of its child aliases. Values hang on the id, so a new name loses nothing.
create table alias_attributes (
  id uuid primary key,
  alias_id uuid not null references aliases on delete cascade,
  name text not null check (name ~ '^[A-Za-z][A-Za-z0-9_]*$'),
  label text not null,
  type text not null check (type in ('string', 'number', 'boolean')),
  description text not null default '',
  default_value jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1
);
create unique index alias_attributes_name on alias_attributes (alias_id, lower(name));

create table connection_attributes (
  connection_id uuid not null references connections on delete cascade,
  attribute_id uuid not null references alias_attributes,
  value jsonb not null,
  primary key (connection_id, attribute_id)
);
create index connection_attributes_attribute on connection_attributes (attribute_id);
