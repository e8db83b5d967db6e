-- why:      a load of an export that was cut off after its data was in left a house in its old timeline that would serve; a clock that was ahead made retention drop what nobody could bring back; a restore brought erased people back
-- locks:    installation, exclusively, for an instant; blind_index against writes while its index is made
-- duration: about 15 s for ten million orders, for the index
-- undo:     alter table installation drop column loading, drop column time_proven_at; drop index blind_index_order; drop table erasures_to_list

-- the export that is being loaded; null once its new timeline has begun
alter table installation add column loading text;

-- how far time has come for sure: what is dropped for its age is dropped by it, not by a clock that jumped
alter table installation add column time_proven_at timestamptz not null default now();

-- the phones of an order that was erased are found without reading those of all others
create index blind_index_order on blind_index (log_partition, order_key);

-- erasures that somebody asked for and that the list outside the database does not hold yet
create table erasures_to_list (
  channel text not null,
  shop text not null,
  channel_order_id text not null,
  at timestamptz not null,
  constraint erasures_to_list_pk primary key (channel, shop, channel_order_id)
);
