import type { EvalRunResponse } from "@pandaprobe/contract";
import { createRun } from "../runs/create-run.ts";
import { sessionKind, traceKind } from "../runs/target-kind.ts";
import { isoTime } from "../state/clock.ts";
import type { Project, StoredMonitor } from "../state/project.ts";
import type { World } from "../world.ts";
import { readFilters } from "./check-evaluation.ts";
import { evaluationOf } from "./evaluation.ts";

/** Makes a run of a monitor, and notes it down there. @throws ProblemError where none can be made */
export function runMonitor(
  world: World,
  project: Project,
  stored: StoredMonitor,
  at: number,
): EvalRunResponse {
  const { monitor } = stored;
  const evaluation = evaluationOf(monitor);
  const { filters = {}, signal_weights } = readFilters(evaluation);
  const scope = { world, project, monitorId: monitor.id, at };
  const body = {
    name: `[Monitor] ${monitor.name}`,
    metrics: monitor.metric_names,
    model: monitor.model,
    max_cost_usd: monitor.max_cost_usd,
    sampling_rate: monitor.sampling_rate,
    filters,
    signal_weights,
  };
  const run =
    evaluation.target_type === "TRACE"
      ? createRun(traceKind, scope, body, {})
      : createRun(sessionKind, scope, body, {});
  stored.seen = world.changes.count;
  stored.monitor = { ...monitor, last_run_at: isoTime(at), last_run_id: run.id };
  return run;
}
