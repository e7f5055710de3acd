import {
  type SpanResponse,
  type TraceListItem,
  type TraceResponse,
  tokenCounts,
  totalCost,
} from "@pandaprobe/contract";
import { sorted } from "../lists.ts";
import type { SpanFields, StoredTrace } from "../state/project.ts";

export function traceResponse(stored: StoredTrace): TraceResponse {
  return { ...stored.fields, ...totals(stored), spans: spansInOrder(stored).map(spanResponse) };
}

export function traceListItem(stored: StoredTrace): TraceListItem {
  const {
    project_id: _project,
    input: _input,
    output: _output,
    metadata: _metadata,
    ...fields
  } = stored.fields;
  return { ...fields, latency_ms: latencyMs(fields), span_count: stored.spans.size, ...totals(stored) };
}

export function spanResponse(span: SpanFields): SpanResponse {
  return {
    ...span,
    latency_ms: latencyMs(span),
    time_to_first_token_ms: between(span.started_at, span.completion_start_time),
  };
}

/** What the spans of a trace used. */
export function totals({ spans }: StoredTrace) {
  const all = [...spans.values()];
  return {
    total_tokens: sumTokens(all.map((span) => tokenCounts(span.token_usage).total_tokens)),
    total_cost: all.reduce((sum, span) => sum + totalCost(span.cost), 0),
  };
}

/** Sums of absurd counts stay integers that JSON can carry. */
export function sumTokens(counts: readonly number[]): number {
  return Math.min(
    counts.reduce((sum, count) => sum + count, 0),
    Number.MAX_SAFE_INTEGER,
  );
}

/** How long it took, in milliseconds; `null` while it goes on. */
export function latencyMs({
  started_at,
  ended_at,
}: {
  readonly started_at: string;
  readonly ended_at: string | null;
}): number | null {
  return between(started_at, ended_at);
}

function between(start: string, end: string | null): number | null {
  return end === null ? null : Date.parse(end) - Date.parse(start);
}

/** By when they started; of those that started together, as they came. */
export function spansInOrder({ spans }: StoredTrace): SpanFields[] {
  return sorted(spans.values(), ({ started_at }) => [started_at]);
}
