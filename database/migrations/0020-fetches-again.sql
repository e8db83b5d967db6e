-- why:      an answer that asks again, because the channel itself had not come to rest, was asked for at once and for ever, before every other order of its shop
-- locks:    fetches, exclusively, for an instant
-- duration: milliseconds, whatever the size
-- undo:     alter table fetches drop column again_at, drop column rounds;

-- when an answer wants another look at its order; it counts from the end of the fetch that brought the answer
alter table fetches add column again_at timestamptz;
-- looks in a row that ended so; each makes the next wait longer
alter table fetches add column rounds integer not null default 0;
