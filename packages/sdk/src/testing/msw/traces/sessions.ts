import { limits, type SessionSummary } from "@pandaprobe/contract";
import { groupedBy, sorted } from "../lists.ts";
import type { Project, StoredTrace } from "../state/project.ts";
import { latencyMs, sumTokens, totals } from "./trace-response.ts";

/** The traces of a session, in start order. */
export function sessionTraces(project: Project, sessionId: string): StoredTrace[] {
  const traces = [...project.traces.values()].filter(({ fields }) => fields.session_id === sessionId);
  return inOrder(traces);
}

/** The traces of every session, in start order. */
export function allSessions(project: Project): Map<string, StoredTrace[]> {
  return groupedBy(inOrder(project.traces.values()), ({ fields }) => fields.session_id);
}

function inOrder(traces: Iterable<StoredTrace>): StoredTrace[] {
  return sorted(traces, ({ fields }) => [fields.started_at, fields.trace_id]);
}

/** The summary of a session. @param traces at least one, in start order */
export function sessionSummary(sessionId: string, traces: readonly StoredTrace[]): SessionSummary {
  const fields = traces.map((trace) => trace.fields);
  const latencies = fields.flatMap((trace) => latencyMs(trace) ?? []);
  const ends = fields.flatMap(({ ended_at }) => ended_at ?? []).sort();
  const all = traces.map(totals);
  return {
    session_id: sessionId,
    trace_count: traces.length,
    first_trace_at: fields.at(0)?.started_at ?? "",
    last_trace_at: ends.at(-1) ?? fields.at(-1)?.started_at ?? null,
    total_latency_ms: latencies.length === 0 ? null : latencies.reduce((sum, ms) => sum + ms, 0),
    has_error: fields.some(({ status }) => status === "ERROR"),
    user_id: fields.findLast(({ user_id }) => user_id !== null)?.user_id ?? null,
    tags: [...new Set(fields.flatMap(({ tags }) => tags))].sort().slice(0, limits.sessionTags),
    total_span_count: traces.reduce((sum, { spans }) => sum + spans.size, 0),
    total_tokens: sumTokens(all.map(({ total_tokens }) => total_tokens)),
    total_cost: all.reduce((sum, { total_cost }) => sum + total_cost, 0),
    unpriced_spans: all.reduce((sum, { unpriced_spans }) => sum + unpriced_spans, 0),
  };
}
