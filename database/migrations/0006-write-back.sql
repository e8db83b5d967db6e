-- why:      telling sales channels what we did: parcels that left and our order key in the seller's note, one row per order and kind, tried until the channel holds it or a person must look
-- locks:    shops, exclusively, for a moment; everything else is new
-- duration: milliseconds, whatever the size (no row is rewritten)
-- undo:     drop table write_backs; alter table shops drop column order_key_in_note; delete from consumers where consumer = 'write-back'

-- whether our order key is written into the seller's note of the shop's orders
alter table shops add column order_key_in_note boolean not null default true;

create table write_backs (
  log_partition smallint not null,
  order_key text not null,
  what text not null,
  channel text not null,
  shop text not null,
  channel_order_id text not null,
  -- of the event that asks for it
  version int not null,
  -- what the channel must hold: our parcels; nothing for a note
  wanted jsonb not null,
  -- how the channel numbers our parcels
  pack_ids jsonb not null default '{}',
  state text not null default 'due',
  attempts int not null default 0,
  next_at timestamptz not null,
  since timestamptz not null,
  -- why the last try ended, one of our codes, and the channel's own
  cause text,
  code text,
  constraint write_backs_pk primary key (log_partition, order_key, what),
  constraint write_backs_what check (what in ('ship', 'remark')),
  constraint write_backs_state check (state in ('due', 'done', 'dead'))
) with (fillfactor = 80);
create index write_backs_due on write_backs (channel, shop, next_at) where state = 'due';
create index write_backs_dead on write_backs (since, order_key, what) where state = 'dead';

-- from here on: what became true before this release was told by whoever did it
insert into consumers (consumer, positions) select 'write-back', heads from leases where lease_id = 1;
