-- why:      channels let an app open receivers' tokens so many times a day; counted before each call, so that the house keeps to it
-- locks:    none; the table is new
-- duration: milliseconds, whatever the size
-- undo:     drop table openings;

-- One row per app and Beijing day.
create table openings (
  app_id text not null,
  day date not null,
  used integer not null,
  constraint openings_pk primary key (app_id, day),
  constraint openings_app foreign key (app_id) references apps (id)
);
