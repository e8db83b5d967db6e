-- why:      of an order that could not be fetched and that nobody had told of before, its dead letter named neither shop nor order, told nothing of the platform's reason, and could not be tried again
-- locks:    dead_letters, exclusively, for an instant
-- duration: milliseconds, whatever the size
-- undo:     alter table dead_letters drop column channel, drop column shop, drop column subject, drop column words;

-- whose fetch it was, and the platform's own words; null for a letter of a message
alter table dead_letters add column channel text;
alter table dead_letters add column shop text;
alter table dead_letters add column subject text;
alter table dead_letters add column words text;
