/** How long the lease had no holder that renews it: on the database's own clock, which a busy machine around it does not slow down. */
import type { Db } from '../../apps/server/src/platform/index.ts';

/** As the worker asks for it. */
const LEASE_MS = 4_000;

/** From now on each renewal is written down in its own transaction. */
export async function watchLease(db: Db): Promise<void> {
  await db.query('create table lease_moves (epoch bigint not null, renewed_at timestamptz not null)');
  await db.query(`
    create function note_lease_move() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      if isfinite(new.until) then
        insert into lease_moves values (new.epoch, new.until - ${LEASE_MS} * interval '1 ms');
      end if;
      return null;
    end $$`);
  await db.query('create trigger note_lease_move after update of until on leases for each row execute function note_lease_move()');
}

/** From the last renewal of the holder before to the first of the one that holds the lease now, in ms. */
export async function takeOverMs(db: Db): Promise<number> {
  const { rows } = await db.query<{ took: number }>(`
    select extract(epoch from min(renewed_at) filter (where epoch = present) - max(renewed_at) filter (where epoch = present - 1))::float8 * 1000 as took
    from lease_moves, (select max(epoch) as present from lease_moves) as newest`);
  return rows[0]?.took as number;
}
