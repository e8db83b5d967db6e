-- why:      the two logs, the orders, who may work, keys, reviews, endpoints, people: what everything later hangs on
-- locks:    nothing that exists: every table is new
-- duration: milliseconds, whatever the size (the database is empty)
-- undo:     drop schema public cascade; create schema public

create table installation (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  timeline int not null default 1,
  -- secrets wrapped by the root key: serial hiding, blind index, fingerprints
  wrapped_secrets bytea not null
);

create table data_keys (
  key_id int primary key,
  month text not null constraint data_keys_month_unique unique,
  wrapped bytea not null,
  created_at timestamptz not null default now()
);

-- Who may work. Positions and heads are arrays over the 64 partitions (index 1 = partition 0), so that a lease can be split later.
create table leases (
  lease_id smallint primary key,
  holder text,
  epoch bigint not null default 0,
  until timestamptz not null default '-infinity',
  positions bigint[] not null,
  heads bigint[] not null,
  serials bigint[] not null
);
insert into leases (lease_id, positions, heads, serials) values (1, array_fill(0::bigint, array[64]), array_fill(0::bigint, array[64]), array_fill(0::bigint, array[64]));

-- What others told or asked us. One row is one segment; entry i of it has position first_position + i.
create table inbox_head (one_row boolean primary key default true constraint inbox_head_one_row check (one_row), position bigint not null);
insert into inbox_head (position) values (0);
create table inbox (
  first_position bigint not null,
  entry_count int not null,
  received_at timestamptz not null,
  sealed bytea not null,
  constraint inbox_pk primary key (first_position)
) partition by range (first_position);
alter table inbox alter column sealed set storage external;

create table idempotency_keys (
  token_id text not null,
  key text not null,
  input_hash bytea not null,
  position bigint not null,
  created_at timestamptz not null,
  constraint idempotency_keys_pk primary key (token_id, key)
);
create index idempotency_keys_age on idempotency_keys using brin (created_at);

-- One compressed row per batch; the outcome of an entry is found by its position.
create table outcomes (
  last_position bigint not null,
  first_position bigint not null,
  body bytea not null,
  constraint outcomes_pk primary key (last_position)
) partition by range (last_position);
alter table outcomes alter column body set storage external;

-- What became true.
create table events (
  log_partition smallint not null,
  position bigint not null,
  order_key text not null,
  version int not null,
  type text not null,
  withheld boolean not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  cause bigint not null,
  said_by text not null,
  detail json not null,
  state json not null,
  constraint events_pk primary key (log_partition, position)
) partition by range (position);
create index events_order on events (log_partition, order_key, version);

create table orders (
  log_partition smallint not null,
  channel text not null,
  shop text not null,
  channel_order_id text not null,
  order_key text not null,
  version int not null,
  address_version int not null,
  bundle_version int not null,
  -- first withheld version not yet let go; null = nothing is withheld
  withheld_from int,
  ever_outward boolean not null,
  first_position bigint not null,
  last_position bigint not null,
  facts json not null,
  bundle bytea,
  constraint orders_pk primary key (log_partition, channel, shop, channel_order_id),
  constraint orders_key_unique unique (log_partition, order_key)
) with (fillfactor = 80);

-- The narrow row that people filter on.
create table order_list (
  log_partition smallint not null,
  order_key text not null,
  channel text not null,
  shop text not null,
  channel_order_id text not null,
  status text,
  payment text not null,
  refund text not null,
  held text[] not null,
  payable numeric(12,2) not null,
  currency text not null,
  line_count int not null,
  title text not null,
  ship_by timestamptz,
  placed_at timestamptz not null,
  constraint order_list_pk primary key (log_partition, order_key)
) with (fillfactor = 80);
create index order_list_shop_time on order_list (shop, channel, placed_at desc, order_key desc);
create index order_list_time on order_list (placed_at desc, order_key desc);
create index order_list_status_time on order_list (status, placed_at desc, order_key desc);
create index order_list_held on order_list (placed_at desc, order_key desc) where held <> '{}';

-- Search by whole phone number: a keyed index, never the number.
create table blind_index (
  token bytea not null,
  log_partition smallint not null,
  order_key text not null,
  constraint blind_index_pk primary key (token, log_partition, order_key)
);

create table review_cases (
  log_partition smallint not null,
  order_key text not null,
  case_id text not null,
  channel text not null,
  shop text not null,
  state text not null,
  cause bigint not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  problems json not null,
  -- the blocked message, sealed; null for a case that follows from the facts
  sealed bytea,
  constraint review_cases_pk primary key (log_partition, order_key, case_id)
);
create index review_cases_open on review_cases (opened_at desc) where state = 'open';

create table dead_letters (
  id text primary key,
  position bigint not null,
  log_partition smallint,
  order_key text,
  reason text not null,
  created_at timestamptz not null,
  sealed bytea not null,
  state text not null default 'open'
);

create table shops (
  channel text not null,
  shop text not null,
  name text not null,
  created_at timestamptz not null default now(),
  constraint shops_pk primary key (channel, shop)
);

create table people (
  id text primary key,
  login text not null constraint people_login_unique unique,
  name text not null,
  password_hash text not null,
  role text not null,
  shops text[],
  created_at timestamptz not null default now()
);
create table tokens (
  id text primary key,
  hash bytea not null constraint tokens_hash_unique unique,
  name text not null,
  role text not null,
  shops text[],
  warehouses text[],
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create table sessions (
  hash bytea primary key,
  person_id text not null references people (id),
  until timestamptz not null
);

create table audit (
  process text not null,
  day date not null,
  serial int not null,
  at timestamptz not null,
  who text not null,
  what text not null,
  subject text,
  detail json not null,
  -- SHA-256 over the row before and this row: a removed or changed row breaks the chain
  chain bytea not null,
  constraint audit_pk primary key (process, day, serial)
);

create index audit_who on audit (who, at);

create table endpoints (
  id text primary key,
  name text not null,
  url text not null,
  state text not null default 'active',
  event_types text[],
  shops text[],
  personal_fields text[] not null default '{}',
  wrapped_secret bytea not null,
  created_at timestamptz not null default now(),
  removed_at timestamptz
);
-- Every consumer is a cursor over events: per partition the last position it has finished.
create table consumers (
  consumer text primary key,
  positions bigint[] not null,
  updated_at timestamptz not null default now()
);
-- Only a subject whose delivery fails gets a row.
create table parked (
  consumer text not null,
  log_partition smallint not null,
  order_key text not null,
  from_version int not null,
  attempts int not null,
  next_at timestamptz not null,
  since timestamptz not null,
  last_error text not null,
  dead boolean not null default false,
  constraint parked_pk primary key (consumer, log_partition, order_key)
);
create index parked_due on parked (consumer, next_at) where not dead;
create table failed_attempts (
  consumer text not null,
  at timestamptz not null,
  order_key text not null,
  version int not null,
  attempt int not null,
  status int,
  error text not null,
  duration_ms int not null
);
create index failed_attempts_consumer on failed_attempts (consumer, at desc);

create table imports (
  id text primary key,
  token_id text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  complete boolean not null default false,
  counts json not null
);
-- The report of an import in parts of about a thousand lines: NDJSON, deflated.
create table import_parts (
  import_id text not null references imports (id) on delete cascade,
  part int not null,
  body bytea not null,
  constraint import_parts_pk primary key (import_id, part)
);
