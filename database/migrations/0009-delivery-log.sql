-- why:      people ask what was delivered, when and how fast; successes are kept many to a row, failures get an id, the place of their event and what was answered (sealed)
-- locks:    failed_attempts, exclusively, while it is rewritten (it holds failed tries of 30 days); the new table locks nothing
-- duration: about a minute per ten million failed tries
-- undo:     drop table delivery_segments; drop index failed_attempts_subject; alter table failed_attempts drop column id, drop column log_partition, drop column position, drop column replay, drop column sealed_answer

create table delivery_segments (
  consumer text not null,
  -- counts up per consumer
  segment bigint not null,
  opened_at timestamptz not null,
  last_at timestamptz not null,
  deliveries int not null,
  -- one bit for each partition of the log that has a delivery in here
  partitions bigint not null,
  -- see apps/server/src/broadcast/delivery-codec.ts
  body bytea not null,
  constraint delivery_segments_pk primary key (consumer, segment)
);
create index delivery_segments_age on delivery_segments using brin (last_at);

alter table failed_attempts
  -- counts up per consumer
  add column id bigint,
  add column log_partition smallint,
  add column position bigint,
  -- of which replay it was a snapshot
  add column replay int,
  add column sealed_answer bytea;
with counted as (select ctid as place, row_number() over (partition by consumer order by at) as n from failed_attempts)
update failed_attempts f set id = counted.n from counted where f.ctid = counted.place;
alter table failed_attempts
  alter column id set not null,
  add constraint failed_attempts_pk primary key (consumer, id);
create index failed_attempts_subject on failed_attempts (consumer, order_key, id desc);
