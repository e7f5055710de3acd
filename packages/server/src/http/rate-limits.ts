import type { FastifyReply } from "fastify";
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import { ProblemError } from "../features/problem.ts";

const windowSeconds = 60;

/** A request in the count, told by the time it came, to the microsecond. */
export interface CountedRequest {
  readonly apiKeyId: string;
  readonly route: string;
  readonly hit: string;
}

/**
 * Counts requests of an API key to a route in a rolling minute, exactly, across all server processes.
 *
 * A row holds the times of the newest requests, refused ones included, one more than the limit: the oldest of them says
 * whether the newest is one too many. Old rows cost nothing: there is one for each key and route.
 */
export async function countRequest(
  db: Database,
  request: { apiKeyId: string; route: string; limit: number },
  reply: FastifyReply,
): Promise<CountedRequest> {
  const { apiKeyId, route, limit } = request;
  const { rows } = await sql<{ ages: number[]; hit: string }>`
    insert into rate_limits as stored (api_key_id, route, hits)
    values (${apiKeyId}, ${route}, array[clock_timestamp()])
    on conflict (api_key_id, route) do update
      set hits = (array_prepend(clock_timestamp(), stored.hits))[1:${limit + 1}::int]
    returning array(select extract(epoch from clock_timestamp() - hit)::float8 from unnest(hits) hit) as ages,
      hits[1]::text as hit`.execute(db);
  // The request's own comes first.
  const ages = (rows[0]?.ages ?? []).filter((age) => age < windowSeconds);
  const isTooMany = ages.length > limit;
  // One more is allowed once the limit-th newest has left the window.
  const oldestThatCounts = ages.length >= limit ? ages[limit - 1] : ages.at(-1);
  const resetSeconds = Math.max(1, Math.ceil(windowSeconds - (oldestThatCounts ?? 0)));
  reply.headers({
    "ratelimit-limit": limit,
    "ratelimit-remaining": Math.max(0, limit - ages.length),
    "ratelimit-reset": resetSeconds,
  });
  if (isTooMany) {
    throw new ProblemError(
      "rate_limited",
      `At most ${limit} of these requests are allowed in a minute. Try again in ${resetSeconds} s.`,
      { retryAfterSeconds: resetSeconds },
    );
  }
  return { apiKeyId, route, hit: rows[0]?.hit ?? "" };
}

/** Takes a request back out of the count: it turned out to be a replay only after it was counted. */
export async function uncountRequest(db: Database, { apiKeyId, route, hit }: CountedRequest): Promise<void> {
  await sql`
    update rate_limits set hits = array_remove(hits, ${hit}::timestamptz)
    where api_key_id = ${apiKeyId} and route = ${route}`.execute(db);
}
