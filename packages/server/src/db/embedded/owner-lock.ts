import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { z } from "zod";

/**
 * "pandapro" in ASCII. The process that holds this advisory lock owns the data folder. PostgreSQL releases the lock
 * when its holder's connection ends, for whatever reason, so a dead owner never blocks another process.
 */
const lockKey = "8097874982399406703";

/** How long PostgreSQL may take to notice that an owner died. */
const graceMs = 2_000;

const ownerPrefix = "pandaprobe-server pid ";

/** Names the owner's process to other servers, in `pg_stat_activity`. */
export const ownerApplicationName = `${ownerPrefix}${process.pid}`;

export type LockAttempt =
  | { readonly taken: true }
  | { readonly taken: false; readonly ownerPid: number | undefined };

/** Takes the owner lock, waiting a moment for an owner that is ending. */
export async function takeOwnerLock(client: Client): Promise<LockAttempt> {
  const deadline = Date.now() + graceMs;
  for (;;) {
    const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS taken", [lockKey]);
    if (z.tuple([z.object({ taken: z.boolean() })]).parse(rows)[0].taken) return { taken: true };
    if (Date.now() >= deadline) return { taken: false, ownerPid: await ownerPid(client) };
    await sleep(50);
  }
}

async function ownerPid(client: Client): Promise<number | undefined> {
  const { rows } = await client.query(
    `SELECT activity.application_name AS name
       FROM pg_locks AS lock JOIN pg_stat_activity AS activity USING (pid)
      WHERE lock.locktype = 'advisory' AND lock.granted AND lock.objsubid = 1
        AND (lock.classid::bigint << 32 | lock.objid::bigint) = $1`,
    [lockKey],
  );
  const [owner] = z.array(z.object({ name: z.string() })).parse(rows);
  return owner?.name.startsWith(ownerPrefix) ? Number(owner.name.slice(ownerPrefix.length)) : undefined;
}
