-- why:      an endpoint may want only some fields of the public state
-- locks:    endpoints, exclusively, for a moment; no row is rewritten
-- duration: milliseconds, whatever the size
-- undo:     alter table endpoints drop column fields;

-- top-level fields of the public state; null = all of them
alter table endpoints add column fields text[];
