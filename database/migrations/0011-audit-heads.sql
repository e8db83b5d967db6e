-- why:      audit records say from where (token or session, address) and by which name; each carries a keyed seal, and signed heads of all chains are kept to be sent out of the house
-- locks:    audit and installation exclusively while the indexes are built and the chains are listed; everything else is new
-- duration: no row is rewritten; two indexes and one pass over audit, about 40 s on ten million records
-- undo:     drop table audit_heads, audit_chains; drop index audit_at, audit_what; alter table audit drop column form, drop column name, drop column via, drop column address, drop column seal; alter table installation drop column wrapped_audit_key (the records since then no longer verify)

-- Ed25519, PKCS #8, wrapped by the root key
alter table installation add column wrapped_audit_key bytea;

alter table audit
  -- what the hash covers: 1 = until this migration, 2 = name, via and address too
  add column form smallint not null default 1,
  add column name text,
  -- token, session, password, command; null for what nobody asked for
  add column via text,
  add column address text,
  -- keyed and over the chain's hash: whoever re-chains rows without the key shows
  add column seal bytea;
create index audit_at on audit (at, process, day, serial);
create index audit_what on audit (what, at);

-- the newest record of each chain, and up to which one a head was signed
create table audit_chains (
  process text not null,
  day date not null,
  serial int not null,
  chain bytea not null,
  headed int not null default 0,
  constraint audit_chains_pk primary key (process, day)
);
create index audit_chains_open on audit_chains (day, process) where headed < serial;
insert into audit_chains (process, day, serial, chain)
select distinct on (process, day) process, day, serial, chain from audit order by process, day, serial desc;

-- one signed line each, exactly as it is sent out
create table audit_heads (
  number bigint not null,
  at timestamptz not null,
  line text not null,
  posted_at timestamptz,
  constraint audit_heads_pk primary key (number)
);
