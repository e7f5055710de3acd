import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { dispatchRun, dispatchRunTask } from "../features/runs/dispatch/dispatch-run.ts";
import { evaluateTargetTask } from "../features/runs/dispatch/queue-targets.ts";
import { evaluateTarget } from "../features/runs/evaluate/evaluate-target.ts";
import type { TargetContext } from "../features/runs/evaluate/target-job.ts";
import type { HeldJobs } from "./held-jobs.ts";

/** The queue does not check payloads, so each task parses its own. */
const dispatchRunPayload = z.object({ project_id: z.guid(), run_id: z.guid() });
const evaluateTargetPayload = dispatchRunPayload.extend({
  position: z.int().min(0),
  /** The job's virtual start time. Jobs from an older server have none. */
  turn: z.int().min(0).default(0),
});

export function createTasks(db: Database, held: HeldJobs, context: TargetContext): TaskList {
  /** The latest virtual start time of a job that this process has started. */
  let virtualNow = 0;
  return {
    [dispatchRunTask]: async (payload, { job, abortSignal }) => {
      const { project_id, run_id } = dispatchRunPayload.parse(payload);
      await held.work(job, abortSignal ?? never(), () =>
        dispatchRun(db, { project_id, id: run_id }, virtualNow),
      );
    },
    [evaluateTargetTask]: async (payload, { job, abortSignal }) => {
      const { turn, ...key } = evaluateTargetPayload.parse(payload);
      virtualNow = Math.max(virtualNow, turn);
      await held.work(job, abortSignal ?? never(), (signals) =>
        evaluateTarget(context, key, job.attempts, signals),
      );
    },
  };
}

const never = () => new AbortController().signal;
