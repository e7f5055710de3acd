import type { EvalRunResponse, RunUsage, RunWait } from "@pandaprobe/contract";
import type { Row } from "../../../db/schema.ts";

export function runResponse(
  run: Row<"eval_runs">,
  usage: RunUsage,
  waitingFor: RunWait | null,
): EvalRunResponse {
  return {
    id: run.id,
    name: run.name,
    status: run.status,
    metric_names: run.metric_names,
    total_traces: run.total_targets,
    total_targets: run.total_targets,
    evaluated_count: run.evaluated_count,
    failed_count: run.failed_count,
    created_at: run.created_at,
    completed_at: run.completed_at,
    project_id: run.project_id,
    target_type: run.target_type,
    filters: run.filters,
    sampling_rate: run.sampling_rate,
    model: run.model,
    monitor_id: run.monitor_id,
    error_message: run.error_message,
    max_cost_usd: run.max_cost_usd,
    usage,
    waiting_for: waitingFor,
  };
}
