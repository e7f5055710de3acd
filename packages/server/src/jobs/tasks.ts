import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { dispatchRun, dispatchRunTask } from "../features/runs/dispatch/dispatch-run.ts";
import { evaluateTargetTask } from "../features/runs/dispatch/queue-targets.ts";
import { evaluateTarget } from "../features/runs/evaluate/evaluate-target.ts";
import type { TargetContext } from "../features/runs/evaluate/target-job.ts";
import type { HeldJobs } from "./held-jobs.ts";

/** The queue promises nothing about payloads: each is parsed when its task begins. */
const dispatchRunPayload = z.object({ project_id: z.guid(), run_id: z.guid() });
const evaluateTargetPayload = dispatchRunPayload.extend({
  position: z.int().min(0),
  /** Jobs of an older feeder have none. */
  turn: z.int().min(0).default(0),
});

export function createTasks(db: Database, held: HeldJobs, context: TargetContext): TaskList {
  /** The latest turn that this process has begun: the one that has come. */
  let latestTurn = 0;
  return {
    [dispatchRunTask]: async (payload, { job, abortSignal }) => {
      const { project_id, run_id } = dispatchRunPayload.parse(payload);
      await held.work(job, abortSignal ?? never(), () =>
        dispatchRun(db, { project_id, id: run_id }, latestTurn),
      );
    },
    [evaluateTargetTask]: async (payload, { job, abortSignal }) => {
      const { turn, ...key } = evaluateTargetPayload.parse(payload);
      latestTurn = Math.max(latestTurn, turn);
      await held.work(job, abortSignal ?? never(), (signals) =>
        evaluateTarget(context, key, job.attempts, signals),
      );
    },
  };
}

const never = () => new AbortController().signal;
