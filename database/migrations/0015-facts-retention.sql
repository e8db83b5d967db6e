-- why:      raw messages that were dropped still answer with what proves them, and orders are forgotten after years without coming back under a second key
-- locks:    nothing that exists: the table is new
-- duration: milliseconds, whatever the size
-- undo:     drop table raw_prints

-- one row per dropped segment of the inbox: 16 bytes of keyed hash for each of its messages, in their order
create table raw_prints (
  first_position bigint not null,
  received_at timestamptz not null,
  prints bytea not null,
  constraint raw_prints_pk primary key (first_position)
);
