-- why:      where a list tells no change each order is asked for once a day; tens of thousands of such looks must not stand before what is new
-- locks:    fetches, exclusively, while its index is made anew
-- duration: a second per million orders that wait to be asked for; usually there are a few dozen
-- undo:     drop index fetches_idle; drop index fetches_due; create index fetches_due on fetches (channel, shop, next_at) where not dead; alter table fetches drop column idle;

-- asked for when nothing else is; a hint makes it urgent
alter table fetches add column idle boolean not null default false;

drop index fetches_due;
create index fetches_due on fetches (channel, shop, next_at) where not dead and not idle;
create index fetches_idle on fetches (channel, shop, next_at) where not dead and idle;
