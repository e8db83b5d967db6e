-- why:      erasing a person's data: which orders were erased and may still have entries of older phones in the index, until the next sweep
-- locks:    nothing that exists: the table is new
-- duration: milliseconds, whatever the size
-- undo:     drop table erasures

create table erasures (
  log_partition smallint not null,
  order_key text not null,
  at timestamptz not null,
  constraint erasures_pk primary key (log_partition, order_key)
);
