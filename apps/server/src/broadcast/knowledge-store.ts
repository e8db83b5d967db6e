/** SQL of what endpoints know of one subject. */
import type { Sql } from '#platform';

export interface Known {
  readonly id: string;
  readonly name: string;
  /** The newest version that it was told; 0: none. */
  readonly passedVersion: number;
  /** The newest version of which it is to hear; 0: none. */
  readonly wantedVersion: number;
  readonly parkedFrom: number | null;
  /** Its own digest does not agree with what it was told. */
  readonly differs: boolean;
}
/** Of the replays of an endpoint the newest chunks, a thousand subjects each, are looked through for the subject. */
const CHUNKS_LOOKED_AT = 100;

const WANTED = `v.position > coalesce(c.began[$1 + 1], 0) and (e.event_types is null or v.type = any(e.event_types) or v.type = any($3))`;
/** What was withheld is told once a release has let it go. */
const LET_GO = `not v.withheld or exists (select 1 from events r where r.log_partition = $1 and r.order_key = $2 and r.type = 'order.released' and not r.withheld
  and r.version > v.version and r.position <= c.positions[$1 + 1] and (r.detail::json->>'fromVersion')::int <= v.version)`;
/** A snapshot told at least what was the newest when its replay was asked for. */
const SNAPSHOT_TOLD = `select max(n.version) as version from (
    select r.made_at, k.results, array_position(k.order_keys, $2) as place from replay_chunks k join replays r using (serial)
    where r.consumer = e.id and r.sent > 0 order by r.serial desc, k.chunk limit ${CHUNKS_LOOKED_AT}) as k
  cross join lateral (select version from events v where v.log_partition = $1 and v.order_key = $2 and v.recorded_at <= k.made_at order by version desc limit 1) as n
  where k.place is not null and get_byte(k.results, k.place - 1) = 1`;

/**
 * Per endpoint that hears of the order's shop: what of it the endpoint wanted since its telling began and its cursor has passed, or a replay has sent.
 * `always`: types that are told whatever types were chosen.
 */
export async function readKnowledge(sql: Sql, partition: number, subjectKey: string, always: readonly string[]): Promise<Known[]> {
  const { rows } = await sql.query<Known>(
    `select e.id, e.name, greatest(t.told, s.version) as "passedVersion", greatest(t.wanted, s.version) as "wantedVersion", p.from_version as "parkedFrom",
       exists (select 1 from digest_mismatches d where d.consumer = c.consumer and d.log_partition = $1 and d.order_key = $2) as differs
     from endpoints e join consumers c on c.consumer = e.id join orders o on o.log_partition = $1 and o.order_key = $2
     left join parked p on p.consumer = e.id and p.log_partition = $1 and p.order_key = $2
     cross join lateral (
       select coalesce(max(v.version) filter (where v.position <= c.positions[$1 + 1] and v.version < coalesce(p.from_version, 2147483647) and (${LET_GO})), 0) as told,
         coalesce(max(v.version), 0) as wanted
       from events v where v.log_partition = $1 and v.order_key = $2 and ${WANTED}) as t
     cross join lateral (${SNAPSHOT_TOLD}) as s
     where e.removed_at is null and (e.shops is null or (o.channel || '/' || o.shop) = any(e.shops)) order by e.created_at limit 1000`,
    [partition, subjectKey, always],
  );
  return rows;
}
