import type { SpanResponse, TraceListItem, TraceResponse } from "@pandaprobe/contract";
import {
  computedCost,
  inSpanOrder,
  isUnpriced,
  shownCost,
  spanPrices,
  splitDateTime,
  tokenCounts,
  totalCost,
} from "@pandaprobe/contract/rules";
import type { SpanFields, StoredTrace } from "../state/project.ts";

const listed = spanPrices({ spans: {}, judges: {} });

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
    ...shownCost(span, computedCost(span, listed)),
    started_at: splitDateTime(span.started_at).iso,
    latency_ms: latencyMs(span),
    time_to_first_token_ms: between(span.started_at, span.completion_start_time),
  };
}

/** The tokens and the cost of a trace. */
export function totals({ spans }: StoredTrace) {
  const all = [...spans.values()];
  return {
    total_tokens: sumTokens(all.map((span) => tokenCounts(span.token_usage).total_tokens)),
    ...sumCosts(all),
  };
}

/** The cost of spans. */
export function sumCosts(spans: readonly SpanFields[]) {
  const costs = spans.map((span) => ({ span, computed: computedCost(span, listed) }));
  return {
    total_cost: costs.reduce((sum, { span, computed }) => sum + (computed ?? totalCost(span.cost)), 0),
    unpriced_spans: costs.filter(({ span, computed }) => isUnpriced(span, computed)).length,
  };
}

/** Capped, so that sums of absurd counts stay integers in JSON. */
export function sumTokens(counts: readonly number[]): number {
  return Math.min(
    counts.reduce((sum, count) => sum + count, 0),
    Number.MAX_SAFE_INTEGER,
  );
}

/** In milliseconds. `null` if it has not ended. */
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

/** In the server's order. */
export function spansInOrder({ spans }: StoredTrace): SpanFields[] {
  return inSpanOrder([...spans.values()], (span) => ({
    ...span,
    // Without the Z, a time with nanoseconds sorts after the same milliseconds.
    start: span.started_at.slice(0, -1),
    end: span.ended_at,
  }));
}
