-- why:      a bulk decision that was cancelled while cases of it were under way forgot how these ended when the process died just then
-- locks:    review_run_cases, exclusively, for an instant; its writers while the small index is made
-- duration: milliseconds, whatever the size
-- undo:     drop index review_run_cases_begun; alter table review_run_cases drop column begun;

-- said before a case is decided, so that whoever goes on knows which ones are owed an end
alter table review_run_cases add column begun boolean not null default false;
create index review_run_cases_begun on review_run_cases (run_id) where result is null and begun;
