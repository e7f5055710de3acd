import type { Project, StoredTrace } from "../state/project.ts";
import { sessionTraces } from "./sessions.ts";

/** A hash of the fields of a trace that a judge reads: its status, input, output, declared tools and spans. */
export function traceContent({ fields, spans }: StoredTrace): number {
  const { status, input, output, metadata } = fields;
  const tools = ["tools", "available_tools", "functions"].map((key) => metadata[key]);
  const steps = [...spans.values()]
    .map(({ token_usage: _usage, cost: _cost, completion_start_time: _start, ...read }) => read)
    .sort((a, b) => (a.span_id < b.span_id ? -1 : 1));
  return hashOf(JSON.stringify([status, input, output, tools, steps]));
}

/** A hash that changes when a trace of the session is changed, added or deleted. */
export function sessionContent(project: Project, sessionId: string): number {
  const traces = sessionTraces(project, sessionId).map((trace) => [
    trace.fields.trace_id,
    traceContent(trace),
  ]);
  return hashOf(JSON.stringify(traces.sort()));
}

/** 53 bits of two FNV-1a hashes. */
function hashOf(text: string): number {
  let [low, high] = [0x811c9dc5, 0x9747b28c];
  for (let i = 0; i < text.length; i += 1) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(i), 0x85ebca6b);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
