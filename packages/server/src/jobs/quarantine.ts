import type { Database } from "../db/database.ts";
import { createSerialQueue, type Quarantine } from "../db/queue/job-tables.ts";
import { evaluateTargetTask } from "../features/runs/dispatch/queue-targets.ts";
import { maxTargetAttempts } from "../features/runs/evaluate/evaluate-target.ts";

/**
 * The last attempt of a target's job runs alone: all processes together run one at a time. If its process dies then,
 * this target caused it, not another one that was evaluated at the same time.
 */
export const quarantine: Quarantine = {
  task: evaluateTargetTask,
  // The name that deployed databases have.
  queue: "last tries",
  maxAttempts: maxTargetAttempts,
};

export function prepareQuarantine(db: Database): Promise<void> {
  return createSerialQueue(db, quarantine.queue);
}
