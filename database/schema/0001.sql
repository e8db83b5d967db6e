-- The first landed schema with a few rows in it, as a database of that day holds them. Never edited: `schema.store.test.ts` loads it and runs every later
-- migration, so nobody's data is left behind. The rows are invented; what is sealed is no real seal.

create table audit (
  process text not null,
  day date not null,
  serial integer not null,
  at timestamp with time zone not null,
  who text not null,
  what text not null,
  subject text,
  detail json not null,
  chain bytea not null,
  constraint audit_pk primary key (process, day, serial)
);
create index audit_who on audit using btree (who, at);

create table blind_index (
  token bytea not null,
  log_partition smallint not null,
  order_key text not null,
  constraint blind_index_pk primary key (token, log_partition, order_key)
);

create table consumers (
  consumer text not null,
  positions bigint[] not null,
  updated_at timestamp with time zone not null default now(),
  constraint consumers_pkey primary key (consumer)
);

create table data_keys (
  key_id integer not null,
  month text not null,
  wrapped bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint data_keys_month_unique unique (month),
  constraint data_keys_pkey primary key (key_id)
);

create table dead_letters (
  id text not null,
  position bigint not null,
  log_partition smallint,
  order_key text,
  reason text not null,
  created_at timestamp with time zone not null,
  sealed bytea not null,
  state text not null default 'open'::text,
  constraint dead_letters_pkey primary key (id)
);

create table endpoints (
  id text not null,
  name text not null,
  url text not null,
  state text not null default 'active'::text,
  event_types text[],
  shops text[],
  personal_fields text[] not null default '{}'::text[],
  wrapped_secret bytea not null,
  created_at timestamp with time zone not null default now(),
  removed_at timestamp with time zone,
  constraint endpoints_pkey primary key (id)
);

create table events (
  log_partition smallint not null,
  position bigint not null,
  order_key text not null,
  version integer not null,
  type text not null,
  withheld boolean not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  cause bigint not null,
  said_by text not null,
  detail json not null,
  state json not null,
  constraint events_pk primary key (log_partition, "position")
) partition by range ("position");
create index events_order on events using btree (log_partition, order_key, version);

create table failed_attempts (
  consumer text not null,
  at timestamp with time zone not null,
  order_key text not null,
  version integer not null,
  attempt integer not null,
  status integer,
  error text not null,
  duration_ms integer not null
);
create index failed_attempts_consumer on failed_attempts using btree (consumer, at desc);

create table idempotency_keys (
  token_id text not null,
  key text not null,
  input_hash bytea not null,
  position bigint not null,
  created_at timestamp with time zone not null,
  constraint idempotency_keys_pk primary key (token_id, key)
);
create index idempotency_keys_age on idempotency_keys using brin (created_at);

create table imports (
  id text not null,
  token_id text not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  complete boolean not null default false,
  counts json not null,
  constraint imports_pkey primary key (id)
);

create table inbox (
  first_position bigint not null,
  entry_count integer not null,
  received_at timestamp with time zone not null,
  sealed bytea not null,
  constraint inbox_pk primary key (first_position)
) partition by range (first_position);
alter table inbox alter column sealed set storage external;

create table inbox_head (
  one_row boolean not null default true,
  position bigint not null,
  constraint inbox_head_one_row check (one_row),
  constraint inbox_head_pkey primary key (one_row)
);

create table installation (
  id uuid not null default gen_random_uuid(),
  created_at timestamp with time zone not null default now(),
  timeline integer not null default 1,
  wrapped_secrets bytea not null,
  constraint installation_pkey primary key (id)
);

create table leases (
  lease_id smallint not null,
  holder text,
  epoch bigint not null default 0,
  until timestamp with time zone not null default '-infinity'::timestamp with time zone,
  positions bigint[] not null,
  heads bigint[] not null,
  serials bigint[] not null,
  constraint leases_pkey primary key (lease_id)
);

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
  line_count integer not null,
  title text not null,
  ship_by timestamp with time zone,
  placed_at timestamp with time zone not null,
  constraint order_list_pk primary key (log_partition, order_key)
) with (fillfactor=80);
create index order_list_held on order_list using btree (placed_at desc, order_key desc) where (held <> '{}'::text[]);
create index order_list_shop_time on order_list using btree (shop, channel, placed_at desc, order_key desc);
create index order_list_status_time on order_list using btree (status, placed_at desc, order_key desc);
create index order_list_time on order_list using btree (placed_at desc, order_key desc);

create table orders (
  log_partition smallint not null,
  channel text not null,
  shop text not null,
  channel_order_id text not null,
  order_key text not null,
  version integer not null,
  address_version integer not null,
  bundle_version integer not null,
  withheld_from integer,
  ever_outward boolean not null,
  first_position bigint not null,
  last_position bigint not null,
  facts json not null,
  bundle bytea,
  constraint orders_key_unique unique (log_partition, order_key),
  constraint orders_pk primary key (log_partition, channel, shop, channel_order_id)
) with (fillfactor=80);

create table outcomes (
  last_position bigint not null,
  first_position bigint not null,
  body bytea not null,
  constraint outcomes_pk primary key (last_position)
) partition by range (last_position);
alter table outcomes alter column body set storage external;

create table parked (
  consumer text not null,
  log_partition smallint not null,
  order_key text not null,
  from_version integer not null,
  attempts integer not null,
  next_at timestamp with time zone not null,
  since timestamp with time zone not null,
  last_error text not null,
  dead boolean not null default false,
  constraint parked_pk primary key (consumer, log_partition, order_key)
);
create index parked_due on parked using btree (consumer, next_at) where (not dead);

create table people (
  id text not null,
  login text not null,
  name text not null,
  password_hash text not null,
  role text not null,
  shops text[],
  created_at timestamp with time zone not null default now(),
  constraint people_login_unique unique (login),
  constraint people_pkey primary key (id)
);

create table review_cases (
  log_partition smallint not null,
  order_key text not null,
  case_id text not null,
  channel text not null,
  shop text not null,
  state text not null,
  cause bigint not null,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  closed_by text,
  problems json not null,
  sealed bytea,
  constraint review_cases_pk primary key (log_partition, order_key, case_id)
);
create index review_cases_open on review_cases using btree (opened_at desc) where (state = 'open'::text);

create table schema_migrations (
  version integer not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migrations_pk primary key (version)
);

create table shops (
  channel text not null,
  shop text not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint shops_pk primary key (channel, shop)
);

create table tokens (
  id text not null,
  hash bytea not null,
  name text not null,
  role text not null,
  shops text[],
  warehouses text[],
  created_at timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  constraint tokens_hash_unique unique (hash),
  constraint tokens_pkey primary key (id)
);

create table import_parts (
  import_id text not null,
  part integer not null,
  body bytea not null,
  constraint import_parts_pk primary key (import_id, part),
  constraint import_parts_import_id_fkey foreign key (import_id) references imports(id) on delete cascade
);

create table sessions (
  hash bytea not null,
  person_id text not null,
  until timestamp with time zone not null,
  constraint sessions_pkey primary key (hash),
  constraint sessions_person_id_fkey foreign key (person_id) references people(id)
);

create table inbox_20260220 partition of inbox for values from (88064009437184) to (88068304404480);
create table outcomes_20260220 partition of outcomes for values from (88064009437184) to (88068304404480);
create table events_202602 partition of events for values from (87982405058560) to (88102664142848);

insert into schema_migrations (version, name, sha256) values (1, '0001-first-schema', '78187fcc4467eec792adeb6bc5f960d5a60c504d14e9538c89ca99366db325d9');
insert into installation (id, timeline, wrapped_secrets) values ('00000000-0000-4000-8000-000000000001', 1, '\x01');
insert into data_keys (key_id, month, wrapped) values (1, '2026-02', '\x02');
insert into leases (lease_id, holder, epoch, positions, heads, serials)
  values (1, 'home 1', 3, array_fill(88064009437186::bigint, array[64]), array_fill(88064009437185::bigint, array[64]), array_fill(1::bigint, array[64]));
insert into inbox_head (position) values (88064009437186);
insert into inbox (first_position, entry_count, received_at, sealed) values (88064009437185, 2, '2026-02-20T12:22:08Z', '\x03');
insert into idempotency_keys (token_id, key, input_hash, position, created_at) values ('tok_a', 'k', '\x04', 88064009437185, '2026-02-20T12:22:08Z');
insert into outcomes (last_position, first_position, body) values (88064009437186, 88064009437185, '\x05');
insert into orders (log_partition, channel, shop, channel_order_id, order_key, version, address_version, bundle_version, withheld_from, ever_outward, first_position, last_position, facts, bundle)
  values (7, 'own', 's1', '1001', 'OW20260220000007X', 2, 1, 1, null, true, 88064009437185, 88064009437186, '{"cases":{}}', '\x06'),
    (8, 'own', 's1', '1002', 'OW20260220000008Y', 1, 0, 0, 1, false, 88064009437185, 88064009437185, '{"cases":{"a":{"state":"open"}}}', null);
insert into order_list (log_partition, order_key, channel, shop, channel_order_id, status, payment, refund, held, payable, currency, line_count, title, ship_by, placed_at)
  values (7, 'OW20260220000007X', 'own', 's1', '1001', 'paid', 'full', 'none', '{}', 129.00, 'CNY', 1, '龙井 250 g', null, '2026-02-20T12:22:08Z'),
    (8, 'OW20260220000008Y', 'own', 's1', '1002', null, 'none', 'none', '{review}', 0.00, 'CNY', 0, '', null, '2026-02-20T12:22:09Z');
insert into events (log_partition, position, order_key, version, type, withheld, occurred_at, recorded_at, cause, said_by, detail, state)
  values (7, 88064009437185, 'OW20260220000007X', 1, 'order.created', false, '2026-02-20T12:22:08Z', '2026-02-20T12:22:09Z', 88064009437185, 'erp', '{}', '{"version":1}'),
    (7, 88064009437186, 'OW20260220000007X', 2, 'order.paid', false, '2026-02-20T12:23:00Z', '2026-02-20T12:23:01Z', 88064009437186, 'erp', '{}', '{"version":2}'),
    (8, 88064009437185, 'OW20260220000008Y', 1, 'order.created', true, '2026-02-20T12:22:08Z', '2026-02-20T12:22:09Z', 88064009437185, 'erp', '{}', '{"version":1}');
insert into blind_index (token, log_partition, order_key) values ('\x07', 7, 'OW20260220000007X');
insert into review_cases (log_partition, order_key, case_id, channel, shop, state, cause, opened_at, problems, sealed)
  values (8, 'OW20260220000008Y', 'a', 'own', 's1', 'open', 88064009437185, '2026-02-20T12:22:09Z', '[]', '\x08');
insert into dead_letters (id, position, log_partition, reason, created_at, sealed) values ('dl_1', 88064009437186, 8, 'message.failed', '2026-02-20T12:23:01Z', '\x09');
insert into shops (channel, shop, name) values ('own', 's1', '茶铺');
insert into people (id, login, name, password_hash, role, shops) values ('usr_1', 'anna', '安娜', '00:00', 'finance', '{own/s1}');
insert into tokens (id, hash, name, role) values ('tok_a', '\x0a', 'erp', 'integration');
insert into sessions (hash, person_id, until) values ('\x0b', 'usr_1', '2026-02-21T00:00:00Z');
insert into audit (process, day, serial, at, who, what, subject, detail, chain)
  values ('p1', '2026-02-20', 1, '2026-02-20T12:22:08Z', 'usr_1', 'login', 'usr_1', '{}', '\x0c');
insert into endpoints (id, name, url, event_types, wrapped_secret) values ('ep_1', 'erp', 'https://erp.example/hook', '{order.paid}', '\x0d');
insert into consumers (consumer, positions) values ('ep_1', array_fill(88064009437185::bigint, array[64]));
insert into parked (consumer, log_partition, order_key, from_version, attempts, next_at, since, last_error)
  values ('ep_1', 7, 'OW20260220000007X', 2, 3, '2026-02-20T12:30:00Z', '2026-02-20T12:23:02Z', 'http_500');
insert into failed_attempts (consumer, at, order_key, version, attempt, status, error, duration_ms)
  values ('ep_1', '2026-02-20T12:23:02Z', 'OW20260220000007X', 2, 1, 500, 'http_500', 12);
insert into imports (id, token_id, started_at, counts) values ('imp_1', 'tok_a', '2026-02-20T12:22:08Z', '{"created":2}');
insert into import_parts (import_id, part, body) values ('imp_1', 1, '\x0e');
