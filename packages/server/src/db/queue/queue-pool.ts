import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { connected } from "../database.ts";
import { isUnavailable } from "../sql-state.ts";

/** `cannot_connect_now`, the only code that makes the queue retry. */
const queueRetriesOn = "57P03";

const connectPauseMs = 500;

/**
 * Wraps the pool for the job queue. When the queue cannot store how a job ended, it retries only for one error code. Any
 * other error is unhandled, which ends the process or leaves the job locked by a live worker. So lost connections get that
 * code here. If a connection is refused, this waits instead of the queue, whose pauses grow to minutes.
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

/** The same object with one method replaced. Calls of that method with a callback are not replaced. */
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
