import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { evaluateTarget } from "../features/runs/evaluate-target.ts";
import { evaluateTargetTask, feedRun, feedRunTask } from "../features/runs/feed-run.ts";
import type { TargetContext } from "../features/runs/target-job.ts";
import type { HeldJobs } from "./held-jobs.ts";

/** The queue promises nothing about payloads: each is parsed when its task begins. */
const feedRunPayload = z.object({ project_id: z.guid(), run_id: z.guid() });
const evaluateTargetPayload = feedRunPayload.extend({ position: z.int().min(0) });

export function createTasks(db: Database, held: HeldJobs, context: TargetContext): TaskList {
  return {
    [feedRunTask]: async (payload, { job, abortSignal }) => {
      const { project_id, run_id } = feedRunPayload.parse(payload);
      await held.work(job, abortSignal ?? never(), () => feedRun(db, { project_id, id: run_id }));
    },
    [evaluateTargetTask]: async (payload, { job, abortSignal }) => {
      const key = evaluateTargetPayload.parse(payload);
      await held.work(job, abortSignal ?? never(), (stop) =>
        evaluateTarget(context, key, job.attempts, stop),
      );
    },
  };
}

const never = () => new AbortController().signal;
