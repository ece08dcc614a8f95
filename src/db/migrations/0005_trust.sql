-- 0005_trust.sql
-- Token calls that outlast their callers.
-- Old workers: go on; the new column has a default. Locks: short ones on tokens.

-- tokens -------------------------------------------------------------------------------------------------------------

-- The fence of a refresh whose call takes longer than its callers wait. While it is the row's own fence, that call is still open.
alter table tokens add column refresh_slow_fence bigint;
