-- 0007_trust.sql
-- Token calls that outlast their callers; letters that wait to be sent.
-- Old workers: go on; new columns may be null. Locks: short ones on tokens.

-- tokens -------------------------------------------------------------------------------------------------------------

-- The fence of a refresh whose call takes longer than its callers wait. While it is the row's own fence, that call is still open.
alter table tokens add column refresh_slow_fence bigint;

-- mail ---------------------------------------------------------------------------------------------------------------

-- Letters are rows first and mail later: written in the transaction of what causes them, sent by a job that tries again.
create table letters (
  id uuid primary key,
  to_name text not null,
  to_email text not null,
  subject text not null,
  text text not null,
  about text not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  written_at timestamptz not null,
  due_at timestamptz not null default clock_timestamp(),
  tries integer not null default 0,
  sent_at timestamptz,
  trouble text,
  check ((state = 'sent') = (sent_at is not null))
);
create index letters_due on letters (due_at) where state = 'waiting';
create index letters_written on letters (written_at desc, id desc);
