-- why:      an order for which our tries had ended at an endpoint could not be delivered there again by anything a person could do
-- locks:    endpoints, exclusively, for an instant
-- duration: milliseconds, whatever the size
-- undo:     alter table endpoints drop column revived_at;

-- when a person last let the endpoint go on: what was given up is tried anew, and whoever delivers there begins again
alter table endpoints add column revived_at timestamptz;
