import type { EvalRunResponse } from "@pandaprobe/sdk";

export function sampleRun(changes: Partial<EvalRunResponse> = {}): EvalRunResponse {
  return {
    id: "33333333-3333-3333-3333-333333333333",
    name: null,
    status: "RUNNING",
    metric_names: ["task_completion"],
    metric_versions: {},
    total_traces: 10,
    total_targets: 10,
    evaluated_count: 0,
    failed_count: 0,
    created_at: "2026-03-29T10:00:00.000Z",
    completed_at: null,
    project_id: "44444444-4444-4444-4444-444444444444",
    target_type: "TRACE",
    filters: {},
    sampling_rate: 1,
    model: "heuristic/v1",
    repeats: 1,
    judges: null,
    aggregate: null,
    monitor_id: null,
    error_message: null,
    max_cost_usd: null,
    usage: { calls: 0, cached_calls: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0 },
    waiting_for: null,
    ...changes,
  };
}
