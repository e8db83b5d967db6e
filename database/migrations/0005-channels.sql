-- why:      sales channels: registered apps, connected shops with their tokens, what must be fetched, how far each shop was walked, what we missed while we were away
-- locks:    shops, exclusively, for a moment; everything else is new
-- duration: milliseconds, whatever the size (the new columns are empty and no row is rewritten)
-- undo:     alter table shops drop column app_id, drop column credentials, drop column token, drop column token_error; drop table fetches, pulls, backfills, aways, presence, apps;

-- An app as it is registered at a channel; its secret is wrapped by the root key and never leaves.
create table apps (
  id text primary key,
  channel text not null,
  app_key text not null,
  name text not null,
  -- another address than the channel's own, for a simulated one; null = the channel's
  base_url text,
  wrapped_secret bytea not null,
  wrong_signatures bigint not null default 0,
  wrong_signature_at timestamptz,
  -- when five wrong signatures last came within a minute
  alarm_at timestamptz,
  created_at timestamptz not null,
  constraint apps_key_unique unique (channel, app_key)
);

-- credentials and token are wrapped; a shop without an app is one that speaks the neutral form
alter table shops
  add column app_id text constraint shops_app references apps (id),
  add column credentials bytea,
  add column token bytea,
  add column token_error text;

-- An order of which the detail must be asked for: one row however many hints came, gone when an answer at least as new as the last hint was worked.
create table fetches (
  log_partition smallint not null,
  channel text not null,
  shop text not null,
  id text not null,
  wants text[] not null,
  -- inbox position of the newest hint
  asked_at bigint not null,
  attempts int not null default 0,
  next_at timestamptz not null,
  last_error text,
  -- our tries ended: a person must look
  dead boolean not null default false,
  constraint fetches_pk primary key (log_partition, channel, shop, id)
) with (fillfactor = 80);
create index fetches_due on fetches (channel, shop, next_at) where not dead;

-- How far the changes of a shop were walked.
create table pulls (
  channel text not null,
  shop text not null,
  feed text not null,
  -- everything that changed up to here is in the inbox
  cursor_at timestamptz not null,
  -- when the last hours, and the last days, were last walked again
  swept_at timestamptz,
  deep_swept_at timestamptz,
  ran_at timestamptz,
  last_from timestamptz,
  last_to timestamptz,
  last_rows int,
  last_total int,
  -- rows an hour of the last windows, newest first, for "far fewer than usual"
  usual int[] not null default '{}',
  last_error text,
  -- a window that told suspiciously few rows: the cursor stands until more come or a person accepts it
  alarm_at timestamptz,
  alarm_from timestamptz,
  alarm_to timestamptz,
  alarm_rows int,
  alarm_expected int,
  constraint pulls_pk primary key (channel, shop, feed)
);

create table backfills (
  id text primary key,
  channel text not null,
  shop text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- everything placed before is in the inbox
  cursor_at timestamptz not null,
  orders int not null default 0,
  last_error text,
  asked_by text not null,
  asked_at timestamptz not null,
  finished_at timestamptz
);
create index backfills_open on backfills (channel, shop) where finished_at is null;

-- When this house was last seen alive, and the times when it was not.
create table presence (one_row boolean primary key default true constraint presence_one_row check (one_row), alive_at timestamptz not null);
create table aways (
  from_at timestamptz primary key,
  to_at timestamptz not null,
  -- head of the inbox when every pull had caught up; complete when what was hinted at up to there was fetched
  caught_up_position bigint,
  complete_at timestamptz
);
