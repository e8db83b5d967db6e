-- why:      thousands of cases of one cause are decided at once, with a preview, progress, an end that can be cancelled and, for a rejection, an undo
-- locks:    review_cases exclusively while its new column is filled: a second per 100,000 cases
-- duration: in proportion to review_cases, usually well below a second
-- undo:     drop table review_run_cases, review_runs; drop index review_cases_by_reason; alter table review_cases drop column reason

-- the codes and places that block, e.g. "sum.payable /payable": what a case has in common with others of its kind
alter table review_cases add column reason text not null default '';
update review_cases set reason = coalesce(
  (select left(string_agg(distinct concat_ws(' ', p ->> 'code', nullif(regexp_replace(p ->> 'pointer', '/\d+(?=/|$)', '/*', 'g'), '')), ', '), 200)
   from json_array_elements(problems) as p where p ->> 'severity' = 'blocking'), '');
create index review_cases_by_reason on review_cases (reason, channel, opened_at) where state = 'open';

create table review_runs (
  id text primary key,
  decision text not null,
  -- of what the run is, as it was asked for: reason, channel and shop, or chosen cases
  chosen json not null,
  -- how messages are mended, for a fix
  recipes json,
  asked_by_id text not null,
  asked_by text not null,
  asked_role text not null,
  -- null = every shop
  asked_shops text[],
  asked_at timestamptz not null,
  -- until then it can be cancelled as if it had never been asked for
  starts_at timestamptz not null,
  state text not null,
  cases int not null,
  accepted int not null default 0,
  refused int not null default 0,
  finished_at timestamptz,
  -- the run whose rejections this one takes back
  undoes text
);
create index review_runs_open on review_runs (starts_at) where finished_at is null;

create table review_run_cases (
  run_id text not null,
  log_partition smallint not null,
  order_key text not null,
  case_id text not null,
  -- null: not worked yet
  result text,
  code text,
  constraint review_run_cases_pk primary key (run_id, order_key, case_id)
);
create index review_run_cases_open on review_run_cases (run_id, order_key, case_id) where result is null;
