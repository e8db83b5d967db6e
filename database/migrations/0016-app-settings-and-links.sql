-- why:      channels whose apps have more than a key and a secret, hold a queue or a socket, and must permit messages once for each shop
-- locks:    apps and shops, exclusively, for a moment; app_links is new
-- duration: milliseconds, whatever the size (the new columns are empty and no row is rewritten)
-- undo:     drop table app_links; alter table apps drop column wrapped_settings; alter table shops drop column permitted_at, drop column permit_error;

-- wrapped by the root key as the secret is: a JSON object, values by the names that the channel's connector gives them
alter table apps add column wrapped_settings bytea;

-- when the channel was last asked to send this shop's messages, and why it would not; null = ask it
alter table shops
  add column permitted_at timestamptz,
  add column permit_error text;

-- How an app's queue or socket stands.
create table app_links (
  app_id text not null,
  kind text not null,
  -- one of the two is null
  up_since timestamptz,
  down_since timestamptz,
  last_message_at timestamptz,
  -- the channel's own code and words
  last_error text,
  constraint app_links_pk primary key (app_id, kind),
  constraint app_links_app foreign key (app_id) references apps (id)
);
