-- why:      a load of an export that was cut off after its data was in left a house in its old timeline that would serve
-- locks:    installation, exclusively, for an instant
-- duration: milliseconds, whatever the size
-- undo:     alter table installation drop column loading

-- the export that is being loaded; null once its new timeline has begun
alter table installation add column loading text;
