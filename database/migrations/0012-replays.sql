-- why:      a subscriber that lost what it had asks for it again: the current version of chosen orders is sent once more, at a rate, and a crash does not begin anew
-- locks:    nothing that exists: the tables are new
-- duration: milliseconds, whatever the size
-- undo:     drop table replay_chunks; drop table replays

create table replays (
  serial int not null,
  -- in the webhook-id of each of its snapshots
  id text not null,
  consumer text not null,
  -- what was asked for
  asked json not null,
  per_second int not null,
  state text not null,
  orders int not null,
  sent int not null default 0,
  -- stepped over: they may not go out until a person releases them
  withheld int not null default 0,
  -- not told to this endpoint
  outside int not null default 0,
  failed int not null default 0,
  -- parked now; they are sent when their failed delivery got through
  waiting int not null default 0,
  made_by text not null,
  made_at timestamptz not null,
  ended_at timestamptz,
  constraint replays_pk primary key (serial),
  constraint replays_id unique (id),
  constraint replays_state check (state in ('running', 'done', 'cancelled'))
);
create index replays_running on replays (consumer) where state = 'running';
create index replays_consumer on replays (consumer, serial desc);

create table replay_chunks (
  serial int not null,
  chunk int not null,
  partitions smallint[] not null,
  order_keys text[] not null,
  -- one byte an order, see apps/server/src/broadcast/replay-results.ts
  results bytea not null,
  constraint replay_chunks_pk primary key (serial, chunk)
);
