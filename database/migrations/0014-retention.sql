-- why:      each run of retention is a record, and the next one goes on where it ended
-- locks:    nothing that exists: the table is new
-- duration: milliseconds, whatever the size
-- undo:     drop table retention_runs

create table retention_runs (
  job text not null,
  began_at timestamptz not null,
  ended_at timestamptz,
  -- days, orders or rows, as the job counts
  removed bigint not null default 0,
  -- the last day that is done, days since 1970; null for jobs that need no memory
  reached int,
  error text,
  constraint retention_runs_pk primary key (job, began_at)
);
