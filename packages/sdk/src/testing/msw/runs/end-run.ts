import type { EvalRunResponse } from "@pandaprobe/contract";
import { cancelledMessage, isOpen } from "@pandaprobe/contract/rules";
import { isoTime } from "../state/clock.ts";
import type { AnyScore, Project, Run, StoredScore } from "../state/project.ts";
import type { World } from "../world.ts";

/** Ends a run now. A run that has ended does not change. */
export function cancelRun(world: World, run: Run): EvalRunResponse {
  if (isOpen(run.response)) {
    Object.assign(run.response, {
      status: "FAILED",
      error_message: cancelledMessage,
      completed_at: isoTime(world.clock.now()),
    } satisfies Partial<EvalRunResponse>);
    world.changes.add();
  }
  return run.response;
}

/** Deletes a run. Its scores are kept without a run, unless `deleteScores` is true. */
export function deleteRun(world: World, project: Project, run: Run, deleteScores: boolean): void {
  const { id } = run.response;
  project.runs.delete(id);
  removeRun(project.traceScores, id, deleteScores);
  removeRun(project.sessionScores, id, deleteScores);
  for (const stored of project.monitors.values()) {
    if (stored.monitor.last_run_id === id) stored.monitor = { ...stored.monitor, last_run_id: null };
  }
  for (const queue of project.reviewQueues.values()) {
    if (queue.fields.run_id !== id) continue;
    const closed_at = queue.fields.closed_at ?? isoTime(world.clock.now());
    queue.fields = { ...queue.fields, run_id: null, closed_at };
  }
  world.changes.add();
}

function removeRun<Score extends AnyScore>(
  scores: Map<string, StoredScore<Score>>,
  runId: string,
  deleteScores: boolean,
): void {
  for (const [key, stored] of scores) {
    if (stored.score.eval_run_id !== runId) continue;
    const { judged } = stored.score;
    if (deleteScores) scores.delete(key);
    else
      stored.score = {
        ...stored.score,
        eval_run_id: null,
        judged: judged && { ...judged, eval_run_id: null },
      };
  }
}
