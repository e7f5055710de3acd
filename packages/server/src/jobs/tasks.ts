import { setTimeout as sleep } from "node:timers/promises";
import type { TaskList } from "graphile-worker";
import { sql } from "kysely";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { isUnavailable } from "../db/sql-state.ts";
import { evaluateTarget, type TargetContext } from "../features/runs/evaluate-target.ts";
import { evaluateTargetTask, feedRun, feedRunTask } from "../features/runs/feed-run.ts";

/** The queue promises nothing about payloads: each is parsed when its task begins. */
const feedRunPayload = z.object({ project_id: z.guid(), run_id: z.guid() });
const evaluateTargetPayload = feedRunPayload.extend({ position: z.int().min(0) });

export function createTasks(db: Database, context: TargetContext): TaskList {
  return {
    [feedRunTask]: async (payload) => {
      const { project_id, run_id } = feedRunPayload.parse(payload);
      await untilReachable(db, feedRun(db, { project_id, id: run_id }));
    },
    [evaluateTargetTask]: async (payload, { job, abortSignal }) => {
      const signal = abortSignal ?? new AbortController().signal;
      const key = evaluateTargetPayload.parse(payload);
      await untilReachable(db, evaluateTarget(context, key, job.attempts, signal), signal);
    },
  };
}

/**
 * Where a job failed because the database is away, holds the failure back until it answers again: the queue, which has
 * to write the failure down, gives up at once where it cannot, and would leave the job locked.
 */
async function untilReachable(db: Database, work: Promise<void>, signal?: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    let isAway = isUnavailable(error);
    while (isAway && signal?.aborted !== true) {
      await sleep(500);
      isAway = await sql`select 1`.execute(db).then(
        () => false,
        () => true,
      );
    }
    throw error;
  }
}
