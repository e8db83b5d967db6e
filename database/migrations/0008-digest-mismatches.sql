-- why:      a receiver that answers with the digest of what it holds proves, or disproves, each delivery at once; what does not agree is one row per order and endpoint
-- locks:    nothing that exists: the table is new
-- duration: milliseconds, whatever the size
-- undo:     drop table digest_mismatches

create table digest_mismatches (
  consumer text not null,
  log_partition smallint not null,
  order_key text not null,
  -- what was delivered, and what the receiver said that it holds
  version int not null,
  ours text not null,
  theirs text not null,
  since timestamptz not null,
  at timestamptz not null,
  constraint digest_mismatches_pk primary key (consumer, log_partition, order_key)
);
create index digest_mismatches_newest on digest_mismatches (consumer, at desc);
