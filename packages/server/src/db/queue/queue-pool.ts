import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { connected } from "../database.ts";
import { isUnavailable } from "../sql-state.ts";

/** `cannot_connect_now`, the one code by which the queue understands that the database will be back. */
const queueRetriesOn = "57P03";

const connectPauseMs = 500;

/**
 * The pool as the job queue is to see it. A queue that cannot write down how a job ended tries again only where the error
 * has a code that it knows; any other one goes unhandled, which ends the process, or leaves the job locked by a living
 * worker. A lost connection therefore carries such a code here. A refused one is waited for: the pauses that the queue
 * makes grow to minutes, and the database may be back long before.
 */
export function queuePool(pool: Pool): Pool {
  return intercept(pool, "connect", async () => {
    const client = await connection(pool);
    return intercept<PoolClient>(client, "query", (...args) =>
      withKnownCode(Promise.resolve(Reflect.apply(client.query, client, args))),
    );
  });
}

async function connection(pool: Pool): Promise<PoolClient> {
  for (;;) {
    try {
      return await connected(pool, 0);
    } catch (error) {
      if (pool.ending || !isUnavailable(error)) throw error;
      await sleep(connectPauseMs);
    }
  }
}

/** The same object, but for the form of one method that answers by a promise; callbacks are passed on. */
function intercept<Target extends object>(
  target: Target,
  method: keyof Target,
  instead: (...args: unknown[]) => Promise<unknown>,
): Target {
  return new Proxy(target, {
    get(_, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) =>
        property === method && typeof args.at(-1) !== "function"
          ? instead(...args)
          : Reflect.apply(value, target, args);
    },
  });
}

async function withKnownCode<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && isUnavailable(error)) Object.assign(error, { code: queueRetriesOn });
    throw error;
  }
}
