-- 0005_two_ways.sql
-- Reservations and Outlook in both directions: properties, calendar providers, watched rooms, change notifications, sync events. Old workers: must stop first, they know neither the new states nor meetings that somebody else organises. Locks: reservations and event_links, for columns without a rewrite and for constraints that are checked at once.

-- properties -----------------------------------------------------------------------------------------------------------

-- What an administrator set; what is not here has the value that the program ships with (providers/property.ts).
create table properties (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1
);

-- providers ------------------------------------------------------------------------------------------------------------

create table calendar_providers (
  id uuid primary key,
  name text not null,
  description text not null default '',
  active boolean not null default true,
  processor text not null default 'microsoft_graph' check (processor in ('microsoft_graph')),
  -- Null: the synchronization mode property decides.
  mode text check (mode in ('normal', 'strict', 'personal')),
  -- Null: the default alias of the mode (providers/provider-alias.ts).
  override_alias_id uuid references aliases,
  -- The mailbox that organises in strict mode and acts for the system in personal mode; absent in normal mode.
  delegated_user_email text,
  sync_starts_on date,
  sync_ends_on date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1,
  check (sync_ends_on is null or sync_starts_on is null or sync_ends_on > sync_starts_on)
);
create unique index calendar_providers_name on calendar_providers (lower(name));
create index calendar_providers_alias on calendar_providers (override_alias_id) where override_alias_id is not null;

-- Which rooms are kept in step, and by which provider: the reservable sync configuration of a room.
create table sync_configurations (
  id uuid primary key,
  room_id uuid not null unique references rooms on delete cascade,
  provider_id uuid not null references calendar_providers,
  active boolean not null default false,
  -- Sync events are made and shown, and nothing is sent.
  no_request boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null default 'system',
  version integer not null default 1
);
create index sync_configurations_provider on sync_configurations (provider_id);

-- The same with the names that their list is searched and sorted by, so that one page of it is one statement.
create view configured_rooms as
  select sync_configurations.id, sync_configurations.room_id, sync_configurations.provider_id, sync_configurations.active,
    sync_configurations.no_request, sync_configurations.updated_at, sync_configurations.updated_by, sync_configurations.version,
    rooms.name as room_name, rooms.mailbox, rooms.active as room_active,
    buildings.id as building_id, buildings.name as building_name,
    calendar_providers.name as provider_name, calendar_providers.active as provider_active, calendar_providers.mode as provider_mode
  from sync_configurations
  join rooms on rooms.id = sync_configurations.room_id
  join buildings on buildings.id = rooms.building_id
  join calendar_providers on calendar_providers.id = sync_configurations.provider_id;

-- pace -----------------------------------------------------------------------------------------------------------------

-- Unlogged: every call takes and gives back a slot, and none waits for a disk. A crash of the database empties them, which is what a
-- restart of everything means: nobody is inside, and a mailbox that wants to be left alone says so again.

-- At most so many calls at a time for each application and mailbox, whatever process makes them. A slot of a process that died lapses.
create unlogged table mailbox_slots (
  application text not null,
  mailbox text not null,
  slot smallint not null,
  holder text not null,
  expires_at timestamptz not null,
  primary key (application, mailbox, slot)
);

-- Which processes wait for a slot just now, so that others leave them one. Each says it again while it waits.
create unlogged table mailbox_waits (
  application text not null,
  mailbox text not null,
  process text not null,
  urgency text not null check (urgency in ('interactive', 'bulk')),
  -- How many slots it has: whoever has fewer goes first.
  inside smallint not null,
  expires_at timestamptz not null,
  primary key (application, mailbox, process)
);

-- What Retry-After said: nobody calls this mailbox before.
create unlogged table mailbox_pauses (
  application text not null,
  mailbox text not null,
  paused_until timestamptz not null,
  primary key (application, mailbox)
);

-- watch ----------------------------------------------------------------------------------------------------------------

-- One row for every room that is kept in step: how it is watched, how far it was read, and what the credential can do.
create table room_watches (
  room_id uuid primary key references rooms on delete cascade,
  provider_id uuid not null references calendar_providers,
  mailbox text not null,
  -- waiting: for a token, a permission or a provider, and tried again by itself. held: something needs a person's word first.
  state text not null default 'waiting' check (state in ('waiting', 'watching', 'held', 'stopped')),
  state_code text,
  state_say text,
  -- Found out by trying, never assumed. Null: nothing works yet.
  method text check (method in ('delta', 'windows')),
  alias_id text,
  identity text,
  capabilities jsonb not null default '{}',
  probed_at timestamptz,
  next_probe_at timestamptz,
  -- Where the next round of changes begins: path and query, never an address.
  delta_link text,
  -- The window that the delta link has frozen in it, or that was compared last.
  window_starts_at timestamptz,
  window_ends_at timestamptz,
  -- A full round under way: where it goes on, when it began and over which window. The old link stays until it is finished.
  round_link text,
  round_began_at timestamptz,
  round_starts_at timestamptz,
  round_ends_at timestamptz,
  -- Counted up by whoever suspects a change; a read that began at a number has seen everything up to it.
  hints bigint not null default 0,
  read_hints bigint not null default 0,
  hinted_at timestamptz,
  -- The newest notification of this room that the last read had before it.
  read_seq bigint not null default 0,
  read_at timestamptz,
  -- When the whole window was read last, and not only what is near.
  whole_read_at timestamptz,
  next_read_at timestamptz,
  -- Somebody is looking at this room until then: it is read more often.
  looked_at_until timestamptz,
  compared_at timestamptz,
  next_compare_at timestamptz,
  -- How many items the last full comparison found that had been missed.
  drift integer not null default 0,
  -- And all of them together.
  drift_found integer not null default 0,
  -- A person's word that what was missing at that moment is really gone.
  loss_approved_at timestamptz,
  attempts integer not null default 0,
  last_error_code text,
  last_error_say text,
  last_error_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index room_watches_read on room_watches (next_read_at) where state = 'watching';
create index room_watches_probe on room_watches (next_probe_at) where next_probe_at is not null;
create index room_watches_provider on room_watches (provider_id);

-- What the calendars of watched rooms say, one row for each event, as it was last read: the calendar items.
create table room_events (
  id uuid primary key,
  room_id uuid not null references rooms on delete cascade,
  -- Graph's ids are case-sensitive and differ in case alone.
  event_id text not null collate "C",
  i_cal_uid text not null collate "C",
  etag text not null,
  digest text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- The parts that matter, in our words (watch/room-view.ts).
  view jsonb not null,
  -- When it was found to be no longer there, and how.
  gone_at timestamptz,
  gone_why text check (gone_why in ('deleted', 'cancelled')),
  first_seen_at timestamptz not null,
  seen_at timestamptz not null,
  changed_at timestamptz not null,
  -- Since when it was not where it should be. That says nothing yet: it is asked for by its id before it counts as gone.
  missing_at timestamptz,
  -- Set while what is here has not been compared with the reservations.
  plan_due_at timestamptz,
  plan_attempts integer not null default 0,
  planned_at timestamptz,
  reservation_id uuid references reservations on delete set null,
  decision text,
  decision_why text,
  last_error_code text,
  last_error_say text,
  unique (room_id, event_id)
);
create index room_events_meeting on room_events (i_cal_uid, room_id);
create index room_events_due on room_events (room_id, plan_due_at) where plan_due_at is not null;
create index room_events_time on room_events (room_id, starts_at) where gone_at is null;
create index room_events_missing on room_events (room_id) where missing_at is not null;
create index room_events_reservation on room_events (reservation_id) where reservation_id is not null;
create index room_events_changed on room_events (changed_at desc);

-- Graph's subscriptions as we want them to be; a job makes them so.
create table subscriptions (
  id uuid primary key,
  -- The room whose mailbox it is; null for the delegated mailbox itself.
  room_id uuid references rooms on delete cascade,
  provider_id uuid not null references calendar_providers,
  mailbox text not null,
  resource text not null,
  state text not null check (state in ('creating', 'active', 'failed', 'removing', 'removed')),
  external_id text,
  nonce text not null,
  -- Only its hash is kept: 32 random bytes that Graph sends back with every notification.
  client_state_hash bytea not null,
  -- What it was made with; another application or account means another subscription.
  made_with text not null,
  expires_at timestamptz,
  renewed_at timestamptz,
  -- When something is to be done about it: make it, renew it, take it away.
  renew_at timestamptz,
  -- What Graph said about it since: it wants to be told again that we may, or that it has removed it, which is not believed unseen.
  told text check (told in ('reauthorize', 'removed')),
  -- Until then Graph may ask whether the address wants notifications; at any other time nobody gets an answer there.
  proving_until timestamptz,
  last_notification_at timestamptz,
  -- Notifications with a wrong client state.
  refused integer not null default 0,
  attempts integer not null default 0,
  last_error_code text,
  last_error_say text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index subscriptions_external on subscriptions (external_id) where external_id is not null;
create unique index subscriptions_one_each on subscriptions (resource) where state in ('creating', 'active', 'failed');
create index subscriptions_renew on subscriptions (renew_at) where state <> 'removed';
create index subscriptions_room on subscriptions (room_id) where room_id is not null;
create index subscriptions_proving on subscriptions (nonce) where proving_until is not null;

-- The address that notifications come to. Older nonces go on working until no subscription uses them.
create table webhook_registry (
  id boolean primary key default true check (id),
  name text not null,
  nonce text not null,
  rotated_at timestamptz not null,
  rotated_by text not null
);

-- Stored before Graph gets its 202. A hint and nothing more: nothing in it is taken for true.
create table change_notifications (
  seq bigint generated always as identity primary key,
  subscription_id uuid not null references subscriptions on delete cascade,
  room_id uuid references rooms on delete cascade,
  kind text not null,
  resource_id text,
  etag text,
  received_at timestamptz not null,
  -- When what it hinted at had been read and applied.
  handled_at timestamptz
);
create index change_notifications_waiting on change_notifications (room_id, seq) where handled_at is null;
create index change_notifications_received on change_notifications (received_at);
-- The same once more says nothing new. The kind counts, because what is deleted may keep its etag.
create unique index change_notifications_once on change_notifications (subscription_id, resource_id, kind, etag)
  where resource_id is not null and etag is not null;

-- How rooms are watched, by the names that people know, for the lists of it.
create view watched_rooms as
  select room_watches.*, rooms.name as room_name, buildings.name as building_name, calendar_providers.name as provider_name
  from room_watches
  join rooms on rooms.id = room_watches.room_id
  join buildings on buildings.id = rooms.building_id
  join calendar_providers on calendar_providers.id = room_watches.provider_id;

create view calendar_items as
  select room_events.*, rooms.name as room_name
  from room_events
  join rooms on rooms.id = room_events.room_id;

create view listed_subscriptions as
  select subscriptions.*, rooms.name as room_name, calendar_providers.name as provider_name
  from subscriptions
  join calendar_providers on calendar_providers.id = subscriptions.provider_id
  left join rooms on rooms.id = subscriptions.room_id;

create view listed_notifications as
  select change_notifications.*, subscriptions.mailbox, rooms.name as room_name
  from change_notifications
  join subscriptions on subscriptions.id = change_notifications.subscription_id
  left join rooms on rooms.id = change_notifications.room_id;

-- reservations ---------------------------------------------------------------------------------------------------------

alter table reservations drop constraint reservations_source_check;
alter table reservations add constraint reservations_source_check
  check (source in ('portal', 'quick_reservation', 'mobile', 'event_planner', 'rest_api', 'cli', 'panel', 'system', 'outlook'));
alter table reservations drop constraint reservations_state_check;
alter table reservations add constraint reservations_state_check
  check (state in ('draft', 'awaiting_confirmation', 'awaiting_approval', 'confirmed', 'conflicted', 'declined', 'rejected', 'expired',
    'cancelled', 'failed'));

-- Somebody who is not known here organises some meetings that are made in Outlook.
alter table reservations alter column requested_for_id drop not null;
alter table reservations alter column opened_by_id drop not null;
alter table reservations add column organizer_name text;
alter table reservations add column organizer_email text;
alter table reservations add constraint reservations_somebody check (requested_for_id is not null or organizer_email is not null);

-- Whose calendar the meeting is in: the requested-for person's, or the delegated mailbox. Null: the room is not kept in step.
alter table reservations add column sync_mailbox text check (sync_mailbox in ('user', 'other'));
alter table reservations add column sync_state text not null default 'not_required'
  check (sync_state in ('not_required', 'synchronization_required', 'sync_enqueued', 'synchronized', 'not_sent', 'failed'));
update reservations set sync_mailbox = 'user', sync_state = case when in_calendar then 'synchronized' else 'sync_enqueued' end
  where state <> 'draft';

-- Our own approval, and what the people who look after the room in Outlook said.
alter table reservations add column approval text not null default 'not_required'
  check (approval in ('not_required', 'awaiting_approval', 'approved', 'rejected'));
alter table reservations add column external_approval text not null default 'not_required'
  check (external_approval in ('not_required', 'awaiting_approval', 'accepted', 'declined'));
-- What the room itself last said, apart from what our own approval makes of it.
alter table reservations add column room_answer text not null default 'none'
  check (room_answer in ('none', 'tentative', 'accepted', 'declined'));

-- Several rooms, series and their exceptions: a place for them, used by single meetings as one of one.
alter table reservations add column parent_id uuid references reservations on delete cascade;
alter table reservations add column shape text not null default 'single'
  check (shape in ('single', 'parent', 'child', 'master', 'occurrence', 'exception'));
alter table reservations add column original_starts_at timestamptz;
create index reservations_parent on reservations (parent_id) where parent_id is not null;

-- The unconfirmed ones, for the watch that expires them.
create index reservations_unconfirmed on reservations (updated_at) where state in ('awaiting_confirmation', 'awaiting_approval');
create index reservations_conflicted on reservations (room_id) where state = 'conflicted';
create index reservations_approval on reservations (starts_at) where approval = 'awaiting_approval';

alter table rooms add column own_approval boolean not null default false;

-- `release`: the room is to be freed, and the person's meeting stays.
alter table reservation_outbox drop constraint reservation_outbox_action_check;
alter table reservation_outbox add constraint reservation_outbox_action_check
  check (action in ('create', 'update', 'cancel', 'release'));
-- Nobody of ours has caused a change that comes from Outlook.
alter table reservation_outbox alter column actor_id drop not null;
-- How the person asked for it: decides whose permission it is done with.
alter table reservation_outbox add column source text not null default 'portal';
create index reservation_outbox_created on reservation_outbox (created_at);

-- An edit that its author may not make in Outlook, kept and mailed to the organizer.
create table reservation_proposals (
  id uuid primary key,
  reservation_id uuid not null references reservations on delete cascade,
  proposed_by_id uuid not null references users,
  what jsonb not null,
  sentence text not null,
  because text not null,
  mailed_to text,
  created_at timestamptz not null,
  settled_at timestamptz,
  outcome text check (outcome in ('taken', 'overtaken', 'withdrawn'))
);
create index reservation_proposals_open on reservation_proposals (reservation_id) where settled_at is null;

-- sync -----------------------------------------------------------------------------------------------------------------

-- One event may hold several rooms, each with a reservation of its own.
drop index event_links_event;
create index event_links_event on event_links (mailbox, event_id) where event_id is not null;
create index event_links_meeting on event_links (i_cal_uid) where i_cal_uid is not null;
alter table event_links alter column organizer_user_id drop not null;
alter table event_links alter column transaction_id drop not null;
alter table event_links add column provider_id uuid references calendar_providers;
-- With whose permission the event is written.
alter table event_links add column acts_as text check (acts_as in ('application', 'delegated', 'personal'));
-- Made in Outlook: found by its iCalUId, never created by us, and deleted only when a person asks for it.
alter table event_links add column born_outside boolean not null default false;
-- Who ended the meeting: what was ended here never comes back from an older look at Outlook.
alter table event_links add column ended_by text check (ended_by in ('here', 'outlook'));

-- One change on its way to Outlook, as it was sent and answered: the sync events.
create table sync_events (
  -- The row of the outbox that it carries out.
  seq bigint primary key,
  reservation_id uuid not null references reservations on delete cascade,
  room_id uuid not null references rooms on delete cascade,
  provider_id uuid references calendar_providers,
  action text not null check (action in ('create', 'update', 'cancel', 'release')),
  state text not null check (state in ('new', 'processing', 'processed', 'error')),
  -- created, found_again, changed, unchanged, removed, no_request, waits_for_permission, later, refused, deleted_outside, overruled
  sub_state text,
  mailbox text,
  acts_as text,
  identity text,
  -- The reservation as it was, what was or would be sent to Graph, what Graph said, and the difference to what is in Outlook.
  payload jsonb,
  provider_payload jsonb,
  response jsonb,
  difference jsonb,
  request_id text,
  attempts integer not null default 0,
  last_error_code text,
  last_error_say text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  processed_at timestamptz
);
create index sync_events_reservation on sync_events (reservation_id, seq desc);
create index sync_events_state on sync_events (state, seq desc);
create index sync_events_created on sync_events (created_at);
create index sync_events_processed on sync_events (processed_at) where processed_at is not null;

-- Every decision that changed something, with its reason: who cancelled my meeting is a row.
create table sync_decisions (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  room_id uuid not null references rooms on delete cascade,
  reservation_id uuid references reservations on delete cascade,
  room_event_id uuid references room_events on delete set null,
  decision text not null,
  why text not null,
  details jsonb not null default '{}'
);
create index sync_decisions_reservation on sync_decisions (reservation_id, seq desc);
create index sync_decisions_room on sync_decisions (room_id, seq desc);
