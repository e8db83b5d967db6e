-- why:      after a restore an endpoint never caught up in partitions without an event; nobody knew where an endpoint's telling began; a replay asked for twice ran twice; what a receiver answered outlived an erasure
-- locks:    leases, consumers, replays, exclusively, for an instant; failed_attempts against writes while its index is made
-- duration: milliseconds; the index about 1 s per million failed tries (30 days are kept)
-- undo:     drop index failed_attempts_answers; drop index replays_idempotency; alter table replays drop column idempotency_key, drop column asked_hash; alter table consumers drop column began; update leases set heads = array(select greatest(head, event_floor) from unnest(heads) as head); alter table leases drop column event_floor;

-- the next event of every partition lies above this and above its head; a restore raises it
alter table leases add column event_floor bigint not null default 0;
-- a house that was restored before: its heads name positions that no event has
update leases set event_floor = (select max(head) from unnest(heads) as head),
  heads = array(select coalesce((select max(position) from events where log_partition = p), 0) from generate_series(0, 63) as p order by p)
where exists (select 1 from installation where timeline > 1);

-- the positions behind which the consumer's telling began; null: it was made before this was remembered
alter table consumers add column began bigint[];

-- which repeat of a request this was, and of what; null: it named no key
alter table replays add column idempotency_key text;
alter table replays add column asked_hash bytea;
create unique index replays_idempotency on replays (consumer, idempotency_key);

-- an erasure finds what receivers answered about its order
create index failed_attempts_answers on failed_attempts (order_key) where sealed_answer is not null;
