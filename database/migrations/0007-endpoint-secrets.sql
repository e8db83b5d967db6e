-- why:      an endpoint's secret can be replaced while receivers still check with the one before: for a while deliveries are signed with both
-- locks:    endpoints, exclusively, for a moment
-- duration: milliseconds, whatever the size (no row is rewritten)
-- undo:     alter table endpoints drop column wrapped_old_secret, drop column old_secret_until

alter table endpoints
  add column wrapped_old_secret bytea,
  add column old_secret_until timestamptz,
  add constraint endpoints_old_secret check ((wrapped_old_secret is null) = (old_secret_until is null));
