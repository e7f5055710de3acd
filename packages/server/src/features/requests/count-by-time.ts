import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { type CountedRequest, windowSeconds } from "./counted-request.ts";

/**
 * Counts requests of an API key to a route in a rolling minute, exactly, across all server processes. Only for limits
 * up to a few hundred, because every request writes that many times.
 *
 * A row has the times of the newest requests, including refused ones: one more than the limit. The oldest of them shows
 * whether the newest exceeds the limit.
 */
export async function countByTime(
  db: Database,
  request: { apiKeyId: string; route: string; limit: number },
): Promise<CountedRequest> {
  const { apiKeyId, route, limit } = request;
  const { rows } = await sql<{ ages: number[]; hit: string }>`
    insert into rate_limits as stored (api_key_id, route, hits)
    values (${apiKeyId}, ${route}, array[clock_timestamp()])
    on conflict (api_key_id, route) do update
      set hits = (array_prepend(clock_timestamp(), stored.hits))[1:${limit + 1}::int]
    returning array(select extract(epoch from clock_timestamp() - hit)::float8 from unnest(hits) hit) as ages,
      hits[1]::text as hit`.execute(db);
  // The first is that of this request.
  const ages = (rows[0]?.ages ?? []).filter((age) => age < windowSeconds);
  // Another request is allowed when the limit-th newest has left the window.
  const oldestThatCounts = ages.length >= limit ? ages[limit - 1] : ages.at(-1);
  return {
    rank: ages.length,
    resetSeconds: Math.max(1, Math.ceil(windowSeconds - (oldestThatCounts ?? 0))),
    async uncount() {
      await sql`
        update rate_limits set hits = array_remove(hits, ${rows[0]?.hit}::timestamptz)
        where api_key_id = ${apiKeyId} and route = ${route}`.execute(db);
    },
  };
}
