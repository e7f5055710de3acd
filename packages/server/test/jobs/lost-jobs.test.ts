/** @module-tag slow */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { pino } from "pino";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database } from "../../src/db/database.ts";
import { giveBackJobs, reclaimJobs } from "../../src/db/queue/job-tables.ts";
import { dispatchRunTask } from "../../src/features/runs/dispatch/dispatch-run.ts";
import { evaluateTargetTask } from "../../src/features/runs/dispatch/queue-targets.ts";
import { Heartbeat } from "../../src/jobs/heartbeat.ts";
import { HeldJobs } from "../../src/jobs/held-jobs.ts";
import { prepareQuarantine, quarantine } from "../../src/jobs/quarantine.ts";
import { query } from "../support/query.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { testPool } from "../support/test-pool.ts";
import { waitUntil } from "../support/wait-until.ts";

interface Job {
  readonly id: string;
  readonly attempts: number;
  readonly locked_by: string | null;
  readonly queue: string | null;
  readonly queue_locked_by: string | null;
}

const deadAfterMs = 500;
let url: string;
let db: Database;

beforeEach(async () => {
  const database = await createTestDatabase();
  url = database.url;
  const pool = testPool(url, 4);
  db = createDatabase(pool);
  await prepareQuarantine(db);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });
});

/** Adds a job as the queue stores it while a worker runs it. */
async function heldJob(worker: string, attempts: number, task = evaluateTargetTask): Promise<string> {
  const [added] = await query<{ id: string }>(
    url,
    "select id from graphile_worker.add_job($1, '{}', queue_name => $2)",
    [task, attempts > 2 ? quarantine.queue : null],
  );
  await query(
    url,
    `update graphile_worker._private_jobs
     set attempts = $2, locked_by = $3, locked_at = now() - interval '1 minute' where id = $1`,
    [added?.id, attempts, worker],
  );
  if (attempts > 2)
    await query(url, "update graphile_worker._private_job_queues set locked_by = $1, locked_at = now()", [
      worker,
    ]);
  return added?.id ?? "";
}

function jobs(): Promise<Job[]> {
  return query<Job & Record<string, unknown>>(
    url,
    `select job.id, attempts, job.locked_by, queue_name as queue, queue.locked_by as queue_locked_by
     from graphile_worker._private_jobs job
     left join graphile_worker._private_job_queues queue on queue.id = job_queue_id order by attempts`,
  );
}

describe("the jobs of a dead worker", () => {
  test("go back to the queue under new ids, so that it cannot complete them when it wakes up", async () => {
    const ids = [await heldJob("dead", 1), await heldJob("dead", 2, dispatchRunTask)];
    expect(await reclaimJobs(db, { deadAfterMs, quarantine })).toEqual(["dead"]);
    const free = { locked_by: null, queue: null, queue_locked_by: null };
    expect(await jobs()).toMatchObject([
      { attempts: 1, ...free },
      { attempts: 2, ...free },
    ]);
    for (const { id } of await jobs()) expect(ids).not.toContain(id);
    expect(await reclaimJobs(db, { deadAfterMs, quarantine })).toEqual([]);
  });

  test("run alone in their last attempt", async () => {
    await heldJob("dead", 2);
    await heldJob("dead", 3);
    await reclaimJobs(db, { deadAfterMs, quarantine });
    const alone = { locked_by: null, queue: quarantine.queue, queue_locked_by: null };
    expect(await jobs()).toMatchObject([
      { attempts: 2, ...alone },
      { attempts: 3, ...alone },
    ]);
  });
});

test("returning a job does not count as an attempt, and frees the quarantine", async () => {
  const id = await heldJob("alive", 3);
  const other = await heldJob("another", 2);
  await giveBackJobs(db, "alive", { ids: [id, other] });
  expect(await jobs()).toMatchObject([
    { id: other, attempts: 2, locked_by: "another" },
    { attempts: 2, locked_by: null, queue: quarantine.queue, queue_locked_by: null },
  ]);
});

test("jobs that a worker holds only according to the queue are returned", async () => {
  const known = await heldJob("alive", 1);
  await heldJob("alive", 2);
  await giveBackJobs(db, "alive", { allBut: [known], heldForMs: 3_600_000 });
  expect(await jobs()).toMatchObject([{ locked_by: "alive" }, { locked_by: "alive" }]);
  await giveBackJobs(db, "alive", { allBut: [known], heldForMs: deadAfterMs });
  expect(await jobs()).toMatchObject([
    { id: known, attempts: 1, locked_by: "alive" },
    { attempts: 1, locked_by: null },
  ]);
});

test("a worker that was presumed dead returns newer jobs, and completes none that others have reclaimed", async () => {
  const [taken, begun] = [await heldJob("me", 1), await heldJob("me", 2)];
  await query(
    url,
    "update graphile_worker._private_jobs set id = default, locked_by = 'other' where id = $1",
    [taken],
  );
  const held = new HeldJobs(db, new AbortController().signal);
  const never = new AbortController().signal;
  const work = [taken, begun].map((id) =>
    held.work({ id, locked_by: "me" }, never, async ({ stop }) => {
      await once(stop, "abort");
      throw stop.reason;
    }),
  );
  held.abandon();
  await Promise.all(work);
  const left = await jobs();
  expect(left).toMatchObject([
    { attempts: 1, locked_by: "other" },
    { attempts: 1, locked_by: null },
  ]);
  // The queue then deletes both jobs as done.
  await query(url, "delete from graphile_worker._private_jobs where id = any ($1)", [[taken, begun]]);
  expect(await jobs()).toEqual(left);
});

describe("a worker", () => {
  function heartbeat(onPresumedDead: () => void = () => undefined): Heartbeat {
    return new Heartbeat(db, {
      workerId: "me",
      processId: randomUUID(),
      slots: 8,
      heartbeatMs: 100,
      deadAfterMs,
      onPresumedDead,
      log: pino({ level: "silent" }),
    });
  }
  const setBack = (worker: string) =>
    query(url, "update workers set seen_at = now() - interval '1 minute' where id = $1", [worker]);

  test("that missed its own heartbeats waits before it presumes others dead", async () => {
    const me = heartbeat();
    await me.beat();
    await heldJob("other", 1);
    await query(url, "insert into workers values ('other', 1, 'host', now() - interval '1 minute')");
    await setBack("me");
    await me.beat();
    expect(await jobs()).toMatchObject([{ locked_by: "other" }]);
    await waitUntil(async () => {
      await me.beat();
      return (await jobs())[0]?.locked_by === null;
    });
  });

  test("learns that it was presumed dead", async () => {
    let heard = 0;
    const me = heartbeat(() => {
      heard += 1;
    });
    await me.beat();
    await me.beat();
    expect(heard).toBe(0);
    await setBack("me");
    expect(await reclaimJobs(db, { deadAfterMs, quarantine })).toEqual(["me"]);
    await me.beat();
    expect(heard).toBe(1);
    await me.beat();
    expect(heard).toBe(1);
  });
});
