-- made by npm run gen from migrations/: what a database is once every migration has run

create table apps (
  id text not null,
  channel text not null,
  app_key text not null,
  name text not null,
  base_url text,
  wrapped_secret bytea not null,
  wrong_signatures bigint not null default 0,
  wrong_signature_at timestamp with time zone,
  alarm_at timestamp with time zone,
  created_at timestamp with time zone not null,
  wrapped_settings bytea,
  constraint apps_key_unique unique (channel, app_key),
  constraint apps_pkey primary key (id)
);

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
  form smallint not null default 1,
  name text,
  via text,
  address text,
  seal bytea,
  constraint audit_pk primary key (process, day, serial)
);
create index audit_at on audit using btree (at, process, day, serial);
create index audit_what on audit using btree (what, at);
create index audit_who on audit using btree (who, at);

create table audit_chains (
  process text not null,
  day date not null,
  serial integer not null,
  chain bytea not null,
  headed integer not null default 0,
  constraint audit_chains_pk primary key (process, day)
);
create index audit_chains_open on audit_chains using btree (day, process) where (headed < serial);

create table audit_heads (
  number bigint not null,
  at timestamp with time zone not null,
  line text not null,
  posted_at timestamp with time zone,
  constraint audit_heads_pk primary key (number)
);

create table aways (
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  caught_up_position bigint,
  complete_at timestamp with time zone,
  constraint aways_pkey primary key (from_at)
);

create table backfills (
  id text not null,
  channel text not null,
  shop text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  cursor_at timestamp with time zone not null,
  orders integer not null default 0,
  last_error text,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint backfills_pkey primary key (id)
);
create index backfills_open on backfills using btree (channel, shop) where (finished_at is null);

create table blind_index (
  token bytea not null,
  log_partition smallint not null,
  order_key text not null,
  constraint blind_index_pk primary key (token, log_partition, order_key)
);
create index blind_index_order on blind_index using btree (log_partition, order_key);

create table consumers (
  consumer text not null,
  positions bigint[] not null,
  updated_at timestamp with time zone not null default now(),
  epoch bigint not null default 0,
  began bigint[],
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
  channel text,
  shop text,
  subject text,
  words text,
  constraint dead_letters_pkey primary key (id)
);

create table delivery_segments (
  consumer text not null,
  segment bigint not null,
  opened_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  deliveries integer not null,
  partitions bigint not null,
  body bytea not null,
  constraint delivery_segments_pk primary key (consumer, segment)
);
create index delivery_segments_age on delivery_segments using brin (last_at);

create table digest_mismatches (
  consumer text not null,
  log_partition smallint not null,
  order_key text not null,
  version integer not null,
  ours text not null,
  theirs text not null,
  since timestamp with time zone not null,
  at timestamp with time zone not null,
  constraint digest_mismatches_pk primary key (consumer, log_partition, order_key)
);
create index digest_mismatches_newest on digest_mismatches using btree (consumer, at desc);

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
  fields text[],
  revived_at timestamp with time zone,
  old_secrets bytea[] not null default '{}'::bytea[],
  old_secrets_until timestamp with time zone[] not null default '{}'::timestamp with time zone[],
  constraint endpoints_old_secrets check ((cardinality(old_secrets) = cardinality(old_secrets_until))),
  constraint endpoints_pkey primary key (id)
);

create table erasures (
  log_partition smallint not null,
  order_key text not null,
  at timestamp with time zone not null,
  constraint erasures_pk primary key (log_partition, order_key)
);

create table erasures_to_list (
  channel text not null,
  shop text not null,
  channel_order_id text not null,
  at timestamp with time zone not null,
  constraint erasures_to_list_pk primary key (channel, shop, channel_order_id)
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
  duration_ms integer not null,
  id bigint not null,
  log_partition smallint,
  position bigint,
  replay integer,
  sealed_answer bytea,
  constraint failed_attempts_pk primary key (consumer, id)
);
create index failed_attempts_age on failed_attempts using brin (at);
create index failed_attempts_answers on failed_attempts using btree (order_key) where (sealed_answer is not null);
create index failed_attempts_consumer on failed_attempts using btree (consumer, at desc);
create index failed_attempts_subject on failed_attempts using btree (consumer, order_key, id desc);

create table fetches (
  log_partition smallint not null,
  channel text not null,
  shop text not null,
  id text not null,
  wants text[] not null,
  asked_at bigint not null,
  attempts integer not null default 0,
  next_at timestamp with time zone not null,
  last_error text,
  dead boolean not null default false,
  idle boolean not null default false,
  again_at timestamp with time zone,
  rounds integer not null default 0,
  constraint fetches_pk primary key (log_partition, channel, shop, id)
) with (fillfactor=80);
create index fetches_due on fetches using btree (channel, shop, next_at) where ((not dead) and (not idle));
create index fetches_idle on fetches using btree (channel, shop, next_at) where ((not dead) and idle);

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
  wrapped_audit_key bytea,
  loading text,
  time_proven_at timestamp with time zone not null default now(),
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
  event_floor bigint not null default 0,
  constraint leases_pkey primary key (lease_id)
);

create table order_counts (
  channel text not null,
  shop text not null,
  status text not null,
  held text[] not null,
  orders bigint not null,
  constraint order_counts_pk primary key (channel, shop, status, held)
) with (fillfactor=50);

create table order_hours (
  channel text not null,
  shop text not null,
  hour timestamp with time zone not null,
  orders bigint not null,
  constraint order_hours_pk primary key (hour, channel, shop)
) with (fillfactor=50);

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
  paid_at timestamp with time zone,
  constraint order_list_pk primary key (log_partition, order_key)
) with (fillfactor=80);
create index order_list_held on order_list using btree (placed_at desc, order_key desc) where (held <> '{}'::text[]);
create index order_list_paid on order_list using brin (paid_at timestamptz_minmax_multi_ops) with (pages_per_range='32', autosummarize='on');
create index order_list_shop_status_time on order_list using btree (shop, channel, status, placed_at desc, order_key desc);
create index order_list_shop_time on order_list using btree (shop, channel, placed_at desc, order_key desc);
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

create table presence (
  one_row boolean not null default true,
  alive_at timestamp with time zone not null,
  constraint presence_one_row check (one_row),
  constraint presence_pkey primary key (one_row)
);

create table pulls (
  channel text not null,
  shop text not null,
  feed text not null,
  cursor_at timestamp with time zone not null,
  swept_at timestamp with time zone,
  deep_swept_at timestamp with time zone,
  ran_at timestamp with time zone,
  last_from timestamp with time zone,
  last_to timestamp with time zone,
  last_rows integer,
  last_total integer,
  usual integer[] not null default '{}'::integer[],
  last_error text,
  alarm_at timestamp with time zone,
  alarm_from timestamp with time zone,
  alarm_to timestamp with time zone,
  alarm_rows integer,
  alarm_expected integer,
  begun_at timestamp with time zone,
  constraint pulls_pk primary key (channel, shop, feed)
);

create table raw_prints (
  first_position bigint not null,
  received_at timestamp with time zone not null,
  prints bytea not null,
  constraint raw_prints_pk primary key (first_position)
);

create table replay_chunks (
  serial integer not null,
  chunk integer not null,
  partitions smallint[] not null,
  order_keys text[] not null,
  results bytea not null,
  constraint replay_chunks_pk primary key (serial, chunk)
);

create table replays (
  serial integer not null,
  id text not null,
  consumer text not null,
  asked json not null,
  per_second integer not null,
  state text not null,
  orders integer not null,
  sent integer not null default 0,
  withheld integer not null default 0,
  outside integer not null default 0,
  failed integer not null default 0,
  waiting integer not null default 0,
  made_by text not null,
  made_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  idempotency_key text,
  asked_hash bytea,
  constraint replays_id unique (id),
  constraint replays_pk primary key (serial),
  constraint replays_state check ((state = ANY (array['running'::text, 'done'::text, 'cancelled'::text])))
);
create index replays_consumer on replays using btree (consumer, serial desc);
create unique index replays_idempotency on replays using btree (consumer, made_by, idempotency_key);
create index replays_running on replays using btree (consumer) where (state = 'running'::text);

create table retention_runs (
  job text not null,
  began_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  removed bigint not null default 0,
  reached integer,
  error text,
  constraint retention_runs_pk primary key (job, began_at)
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
  reason text not null default ''::text,
  constraint review_cases_pk primary key (log_partition, order_key, case_id)
);
create index review_cases_by_reason on review_cases using btree (reason, channel, opened_at) where (state = 'open'::text);
create index review_cases_open on review_cases using btree (opened_at desc) where (state = 'open'::text);

create table review_run_cases (
  run_id text not null,
  log_partition smallint not null,
  order_key text not null,
  case_id text not null,
  result text,
  code text,
  begun boolean not null default false,
  constraint review_run_cases_pk primary key (run_id, order_key, case_id)
);
create index review_run_cases_begun on review_run_cases using btree (run_id) where ((result is null) and begun);
create index review_run_cases_open on review_run_cases using btree (run_id, order_key, case_id) where (result is null);

create table review_runs (
  id text not null,
  decision text not null,
  chosen json not null,
  recipes json,
  asked_by_id text not null,
  asked_by text not null,
  asked_role text not null,
  asked_shops text[],
  asked_at timestamp with time zone not null,
  starts_at timestamp with time zone not null,
  state text not null,
  cases integer not null,
  accepted integer not null default 0,
  refused integer not null default 0,
  finished_at timestamp with time zone,
  undoes text,
  constraint review_runs_pkey primary key (id)
);
create index review_runs_open on review_runs using btree (starts_at) where (finished_at is null);

create table schema_migrations (
  version integer not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migrations_pk primary key (version)
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

create table tracking_index (
  tracking_number text not null,
  log_partition smallint not null,
  order_key text not null,
  constraint tracking_index_pk primary key (tracking_number, log_partition, order_key)
);

create table write_backs (
  log_partition smallint not null,
  order_key text not null,
  what text not null,
  channel text not null,
  shop text not null,
  channel_order_id text not null,
  version integer not null,
  wanted jsonb not null,
  pack_ids jsonb not null default '{}'::jsonb,
  state text not null default 'due'::text,
  attempts integer not null default 0,
  next_at timestamp with time zone not null,
  since timestamp with time zone not null,
  cause text,
  code text,
  constraint write_backs_pk primary key (log_partition, order_key, what),
  constraint write_backs_state check ((state = ANY (array['due'::text, 'done'::text, 'dead'::text]))),
  constraint write_backs_what check ((what = ANY (array['ship'::text, 'remark'::text])))
) with (fillfactor=80);
create index write_backs_dead on write_backs using btree (since, order_key, what) where (state = 'dead'::text);
create index write_backs_due on write_backs using btree (channel, shop, next_at) where (state = 'due'::text);

create table app_links (
  app_id text not null,
  kind text not null,
  up_since timestamp with time zone,
  down_since timestamp with time zone,
  last_message_at timestamp with time zone,
  last_error text,
  constraint app_links_pk primary key (app_id, kind),
  constraint app_links_app foreign key (app_id) references apps(id)
);

create table import_parts (
  import_id text not null,
  part integer not null,
  body bytea not null,
  constraint import_parts_pk primary key (import_id, part),
  constraint import_parts_import_id_fkey foreign key (import_id) references imports(id) on delete cascade
);

create table openings (
  app_id text not null,
  day date not null,
  used integer not null,
  constraint openings_pk primary key (app_id, day),
  constraint openings_app foreign key (app_id) references apps(id)
);

create table sessions (
  hash bytea not null,
  person_id text not null,
  until timestamp with time zone not null,
  constraint sessions_pkey primary key (hash),
  constraint sessions_person_id_fkey foreign key (person_id) references people(id)
);

create table shops (
  channel text not null,
  shop text not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  app_id text,
  credentials bytea,
  token bytea,
  token_error text,
  order_key_in_note boolean not null default true,
  permitted_at timestamp with time zone,
  permit_error text,
  constraint shops_pk primary key (channel, shop),
  constraint shops_app foreign key (app_id) references apps(id)
);

create or REPLACE FUNCTION count_orders()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' then
    insert into order_counts as c
    select channel, shop, coalesce(status, 'none'), held, count(*) from added group by 1, 2, 3, 4
    on conflict on constraint order_counts_pk do update set orders = c.orders + excluded.orders;
    insert into order_hours as h
    select channel, shop, date_bin('1 hour', placed_at, 'epoch'), count(*) from added group by 1, 2, 3
    on conflict on constraint order_hours_pk do update set orders = h.orders + excluded.orders;
  elsif tg_op = 'update' then
    insert into order_counts as c
    select channel, shop, coalesce(status, 'none'), held, sum(n)
    from (select channel, shop, status, held, 1 as n from added union all select channel, shop, status, held, -1 from removed) as changed
    group by 1, 2, 3, 4 having sum(n) <> 0
    on conflict on constraint order_counts_pk do update set orders = c.orders + excluded.orders;
    insert into order_hours as h
    select channel, shop, date_bin('1 hour', placed_at, 'epoch'), sum(n)
    from (select channel, shop, placed_at, 1 as n from added union all select channel, shop, placed_at, -1 from removed) as changed
    group by 1, 2, 3 having sum(n) <> 0
    on conflict on constraint order_hours_pk do update set orders = h.orders + excluded.orders;
  else
    insert into order_counts as c
    select channel, shop, coalesce(status, 'none'), held, -count(*) from removed group by 1, 2, 3, 4
    on conflict on constraint order_counts_pk do update set orders = c.orders + excluded.orders;
    insert into order_hours as h
    select channel, shop, date_bin('1 hour', placed_at, 'epoch'), -count(*) from removed group by 1, 2, 3
    on conflict on constraint order_hours_pk do update set orders = h.orders + excluded.orders;
  end if;
  return null;
end $function$;

create TRIGGER order_list_added AFTER INSERT on order_list REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_orders();

create TRIGGER order_list_changed AFTER update on order_list REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_orders();

create TRIGGER order_list_removed AFTER delete on order_list REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_orders();
