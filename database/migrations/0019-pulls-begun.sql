-- why:      the daily sweep reached seven days back and so brought in orders from before a shop was connected, which are a back-fill's affair, for hundreds of calls a day
-- locks:    pulls, exclusively, for an instant
-- duration: milliseconds, whatever the size
-- undo:     alter table pulls drop column begun_at;

-- what is walked begins here; null for a pull that is older than this column
alter table pulls add column begun_at timestamptz;
