-- 0009_recent_sign_in.sql
-- When somebody last proved that it is them.
-- Old workers: go on; new columns may be null. Locks: short ones on sessions and sign_in_attempts.

-- When the person of a session last gave their password, here or at Microsoft. Null: not known, so it is asked for before what is dangerous.
alter table sessions add column proved_at timestamptz;

-- A sign-in that was started by a session, to prove that its person is still there: it may be completed by nobody else.
alter table sign_in_attempts add column proves_user_id uuid references users on delete cascade;
