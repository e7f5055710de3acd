import type { SpanResponse } from "@pandaprobe/contract";
import { shownCost } from "@pandaprobe/contract/rules";
import type { Row } from "../../db/schema.ts";

export function spanResponse(row: Row<"spans">): SpanResponse {
  return {
    span_id: row.span_id,
    trace_id: row.trace_id,
    parent_span_id: row.parent_span_id,
    name: row.name,
    kind: row.kind,
    status: row.status,
    input: row.input,
    output: row.output,
    model: row.model,
    token_usage: row.token_usage,
    started_at: row.started_at,
    ended_at: row.ended_at,
    error: row.error,
    completion_start_time: row.completion_start_time,
    model_parameters: row.model_parameters,
    ...shownCost(row, row.computed_cost),
    latency_ms: millisecondsBetween(row.started_at, row.ended_at),
    time_to_first_token_ms: millisecondsBetween(row.started_at, row.completion_start_time),
  };
}

function millisecondsBetween(start: string, end: string | null): number | null {
  return end === null ? null : Date.parse(end) - Date.parse(start);
}
