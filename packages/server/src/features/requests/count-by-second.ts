import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { type CountedRequest, windowSeconds } from "./counted-request.ts";

/** A rolling minute touches one more second, because the current one is not over. */
const seconds = windowSeconds + 1;

interface Batch {
  size: number;
  readonly stored: Promise<SecondCounts>;
}

/**
 * Counts requests by key. Requests that arrive while a count of their key is being written are written together next.
 * So at any load a process has one small statement per key in flight, and every request still gets a rank of its own.
 */
export class RequestCounter {
  readonly #db: Database;
  readonly #limit: number;
  /** By key, the batch that still accepts requests. */
  readonly #open = new Map<string, Batch>();
  /** By key, resolves when the newest batch has been written. */
  readonly #written = new Map<string, Promise<unknown>>();

  constructor(db: Database, limit: number) {
    this.#db = db;
    this.#limit = limit;
  }

  async count(apiKeyId: string): Promise<CountedRequest> {
    const batch = this.#open.get(apiKeyId) ?? this.#openBatch(apiKeyId);
    batch.size += 1;
    const rank = batch.size;
    const stored = await batch.stored;
    return countedBySecond(this.#db, apiKeyId, { stored, later: batch.size - rank, limit: this.#limit });
  }

  #openBatch(apiKeyId: string): Batch {
    const write = () => {
      this.#open.delete(apiKeyId);
      return addRequests(this.#db, apiKeyId, batch.size);
    };
    const batch: Batch = { size: 0, stored: Promise.resolve(this.#written.get(apiKeyId)).then(write) };
    this.#open.set(apiKeyId, batch);
    const written = batch.stored
      .catch(() => undefined)
      .then(() => {
        if (this.#written.get(apiKeyId) === written) this.#written.delete(apiKeyId);
      });
    this.#written.set(apiKeyId, written);
    return batch;
  }
}

/** The requests of a key, including those just counted. */
interface SecondCounts {
  /** For `second`, the second before it, and so on. */
  readonly counts: readonly number[];
  readonly second: number;
  /** How much of `second` has passed. */
  readonly elapsed: number;
}

/**
 * Adds requests to the count of their key, exactly, across all server processes and for any limit: one row per key
 * with a number per second. Their sum is never less than the requests of a rolling minute; a request leaves it up to
 * a second late.
 */
async function addRequests(db: Database, apiKeyId: string, added: number): Promise<SecondCounts> {
  const { rows } = await sql<SecondCounts>`
    insert into request_counts as stored (api_key_id, second, counts)
    values (${apiKeyId}, floor(extract(epoch from clock_timestamp())), array[${added}::int])
    on conflict (api_key_id) do update set (second, counts) = (
      select greatest(now, stored.second),
        case when now <= stored.second then array[stored.counts[1] + ${added}::int] || stored.counts[2:]
        else (array[${added}::int] || array_fill(0, array[least(now - stored.second - 1, ${seconds})::int])
          || stored.counts)[1:${seconds}::int] end
      from (select floor(extract(epoch from clock_timestamp()))::bigint as now) clock)
    returning counts, second, (extract(epoch from clock_timestamp()) - second)::float8 as elapsed`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("PostgreSQL did not return the row that it wrote.");
  return row;
}

/** One of the requests that were counted together, `later` of which arrived after it. */
function countedBySecond(
  db: Database,
  apiKeyId: string,
  request: { stored: SecondCounts; later: number; limit: number },
): CountedRequest {
  const { counts, second, elapsed } = request.stored;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    rank: total - request.later,
    resetSeconds: Math.max(1, Math.ceil(seconds - secondsAgo(counts, request.limit) - elapsed)),
    async uncount() {
      await sql`
        update request_counts set counts[second - ${second} + 1] = counts[second - ${second} + 1] - 1
        where api_key_id = ${apiKeyId} and second - ${second} between 0 and cardinality(counts) - 1`.execute(
        db,
      );
    },
  };
}

/** How many seconds ago the limit-th newest request arrived, or the oldest if there are fewer. */
function secondsAgo(counts: readonly number[], limit: number): number {
  let newest = 0;
  let oldest = 0;
  for (const [ago, count] of counts.entries()) {
    if (count === 0) continue;
    newest += count;
    oldest = ago;
    if (newest >= limit) break;
  }
  return oldest;
}
