-- why:      a replay of what was paid in some time left out orders that were first seen ended; a secret rotated again, because the answer was lost, cut the receiver off; after a restore an endpoint never caught up in partitions without an event; nobody knew where an endpoint's telling began; a replay asked for twice ran twice; what a receiver answered outlived an erasure
-- locks:    leases, endpoints, consumers, replays, exclusively, for an instant; order_list, exclusively, while its rows are filled; failed_attempts against writes while its index is made
-- duration: about five minutes on ten million orders (each row of their list is written anew); the index of failed tries about 1 s per million failed tries (30 days are kept)
-- undo:     alter table order_list drop column paid_at; drop index failed_attempts_answers; drop index replays_idempotency; alter table replays drop column idempotency_key, drop column asked_hash; alter table consumers drop column began; update leases set heads = array(select greatest(head, event_floor) from unnest(heads) as head); alter table leases drop column event_floor; alter table endpoints add column wrapped_old_secret bytea, add column old_secret_until timestamptz, add constraint endpoints_old_secret check ((wrapped_old_secret is null) = (old_secret_until is null)); update endpoints set wrapped_old_secret = old_secrets[1], old_secret_until = old_secrets_until[1]; alter table endpoints drop column old_secrets, drop column old_secrets_until;

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
create unique index replays_idempotency on replays (consumer, made_by, idempotency_key);

-- an erasure finds what receivers answered about its order
create index failed_attempts_answers on failed_attempts (order_key) where sealed_answer is not null;

-- the secrets before, the last one first, each for as long as it is live
alter table endpoints add column old_secrets bytea[] not null default '{}';
alter table endpoints add column old_secrets_until timestamptz[] not null default '{}';
update endpoints set old_secrets = array[wrapped_old_secret], old_secrets_until = array[old_secret_until] where wrapped_old_secret is not null;
alter table endpoints drop constraint endpoints_old_secret;
alter table endpoints drop column wrapped_old_secret;
alter table endpoints drop column old_secret_until;
alter table endpoints add constraint endpoints_old_secrets check (cardinality(old_secrets) = cardinality(old_secrets_until));

-- when it was paid, by its newest state: what a replay chooses by
alter table order_list add column paid_at timestamptz;
alter table order_list disable trigger user;
-- facts are kept in a short form (bare under c, whole under C) and in an older long one
update order_list l set paid_at = o.paid_at
from (select log_partition, order_key, coalesce(facts -> 'c' ->> 'paidAt', facts -> 'C' -> 'paidAt' ->> 'value', facts -> 'content' -> 'paidAt' ->> 'value')::timestamptz as paid_at from orders) as o
where o.order_key = l.order_key and o.log_partition = l.log_partition and o.paid_at is not null;
alter table order_list enable trigger user;
-- rows lie in the order in which they came, mostly that of payment: next to nothing to keep, and only the ranges of the time are read
create index order_list_paid on order_list using brin (paid_at timestamptz_minmax_multi_ops) with (pages_per_range = 32, autosummarize = on);
