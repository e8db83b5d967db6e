-- why:      a broadcaster that was stopped and woke up must not write over what the next one knows: cursors and parked subjects are fenced by the lease's epoch
-- locks:    consumers and failed_attempts, exclusively, for as long as the index takes
-- duration: milliseconds for the column (no row is rewritten); about 5 s for the index on ten million failed attempts
-- undo:     drop index failed_attempts_age; alter table consumers drop column epoch;

alter table consumers add column epoch bigint not null default 0;
-- old ones are forgotten by age
create index failed_attempts_age on failed_attempts using brin (at);
