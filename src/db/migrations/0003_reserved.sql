-- 0003_reserved.sql
-- Nothing: the number was set aside for a change that is not needed. Old workers: unaffected. Locks: none.
select 1;
