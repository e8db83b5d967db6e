-- why:      the order list over millions of orders: every filter walks an index, every count is kept, a tracking number finds its order
-- locks:    order_list against writes while its new index is built and its rows are counted; orders against nothing but schema changes
-- duration: about two minutes on ten million rows (one index, three passes)
-- undo:     drop table order_counts, order_hours, tracking_index; drop function count_orders cascade; drop index order_list_shop_status_time; create index order_list_status_time on order_list (status, placed_at desc, order_key desc)

-- A status alone is walked shop by shop, and so is a status within a scope of shops: one index answers both.
create index order_list_shop_status_time on order_list (shop, channel, status, placed_at desc, order_key desc);
drop index order_list_status_time;

-- How many orders of a shop stand where: what the overview shows and what the list says it counts. `none` = no status yet.
create table order_counts (
  channel text not null,
  shop text not null,
  status text not null,
  held text[] not null,
  orders bigint not null,
  constraint order_counts_pk primary key (channel, shop, status, held)
) with (fillfactor = 50);
-- How many orders of a shop were placed in an hour. Kept for the newest days only.
create table order_hours (
  channel text not null,
  shop text not null,
  hour timestamptz not null,
  orders bigint not null,
  constraint order_hours_pk primary key (hour, channel, shop)
) with (fillfactor = 50);

create table tracking_index (
  tracking_number text not null,
  log_partition smallint not null,
  order_key text not null,
  constraint tracking_index_pk primary key (tracking_number, log_partition, order_key)
);

insert into order_counts
select channel, shop, coalesce(status, 'none'), held, count(*) from order_list group by 1, 2, 3, 4;
insert into order_hours
select channel, shop, date_bin('1 hour', placed_at, 'epoch'), count(*) from order_list
where placed_at > now() - interval '10 days' group by 1, 2, 3;
insert into tracking_index
select distinct shipment -> 'value' ->> 'trackingNumber', log_partition, order_key
from orders, json_each(facts -> 'shipments') as each (id, shipment);

-- The counts follow order_list by themselves, in the same transaction: whoever writes a row of it, whatever the way, cannot leave them behind.
-- A statement's rows are netted first, so that one cell is written once however many of its orders came or went.
create function count_orders() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into order_counts as c
    select channel, shop, coalesce(status, 'none'), held, count(*) from added group by 1, 2, 3, 4
    on conflict on constraint order_counts_pk do update set orders = c.orders + excluded.orders;
    insert into order_hours as h
    select channel, shop, date_bin('1 hour', placed_at, 'epoch'), count(*) from added group by 1, 2, 3
    on conflict on constraint order_hours_pk do update set orders = h.orders + excluded.orders;
  elsif tg_op = 'UPDATE' then
    insert into order_counts as c
    select channel, shop, coalesce(status, 'none'), held, sum(n)
    from (select channel, shop, status, held, 1 as n from added union all select channel, shop, status, held, -1 from removed) as changed
    group by 1, 2, 3, 4 having sum(n) <> 0
    on conflict on constraint order_counts_pk do update set orders = c.orders + excluded.orders;
    insert into order_hours as h
    select channel, shop, date_bin('1 hour', placed_at, 'epoch'), sum(n)
    from (select channel, shop, placed_at, 1 as n from added union all select channel, shop, placed_at, -1 from removed) as changed
    group by 1, 2, 3 having sum(n) <> 0
    on conflict on constraint order_hours_pk do update set orders = h.orders + excluded.orders;
  else
    insert into order_counts as c
    select channel, shop, coalesce(status, 'none'), held, -count(*) from removed group by 1, 2, 3, 4
    on conflict on constraint order_counts_pk do update set orders = c.orders + excluded.orders;
    insert into order_hours as h
    select channel, shop, date_bin('1 hour', placed_at, 'epoch'), -count(*) from removed group by 1, 2, 3
    on conflict on constraint order_hours_pk do update set orders = h.orders + excluded.orders;
  end if;
  return null;
end $$;
create trigger order_list_added after insert on order_list referencing new table as added for each statement execute function count_orders();
create trigger order_list_changed after update on order_list referencing new table as added old table as removed for each statement execute function count_orders();
create trigger order_list_removed after delete on order_list referencing old table as removed for each statement execute function count_orders();
