import type { SessionSummary } from "@pandaprobe/contract";
import type { StoredTrace } from "../state/stored-trace.ts";
import { latencyMs, sumTokens, totals } from "../traces/trace-response.ts";

/** What the traces of a session come to. @param traces in the order they started; one at least */
export function sessionSummary(sessionId: string, traces: readonly StoredTrace[]): SessionSummary {
  const fields = traces.map((trace) => trace.fields);
  const latencies = fields.flatMap((trace) => latencyMs(trace) ?? []);
  const all = traces.map(totals);
  return {
    session_id: sessionId,
    trace_count: traces.length,
    first_trace_at: fields.at(0)?.started_at ?? "",
    last_trace_at: fields.at(-1)?.started_at ?? null,
    total_latency_ms: latencies.length === 0 ? null : latencies.reduce((sum, ms) => sum + ms, 0),
    has_error: fields.some(({ status }) => status === "ERROR"),
    user_id: fields.findLast(({ user_id }) => user_id !== null)?.user_id ?? null,
    tags: [...new Set(fields.flatMap(({ tags }) => tags))].sort(),
    total_span_count: traces.reduce((sum, { spans }) => sum + spans.size, 0),
    total_tokens: sumTokens(all.map(({ total_tokens }) => total_tokens)),
    total_cost: all.reduce((sum, { total_cost }) => sum + total_cost, 0),
  };
}
