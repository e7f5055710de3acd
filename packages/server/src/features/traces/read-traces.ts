import type { TraceResponse } from "@pandaprobe/contract";
import { inSpanOrder } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { spanResponse } from "./span-response.ts";

/** How long a trace took, in milliseconds; null while it is running. */
export const latencyMs = sql<number | null>`(extract(epoch from ended_at - started_at) * 1000)::float8`;

/** The existing traces with these ids, in the order of the ids, each with its spans. */
export async function readTraces(
  db: Database,
  projectId: string,
  traceIds: string[],
): Promise<TraceResponse[]> {
  if (traceIds.length === 0) return [];
  const [traces, spans] = await Promise.all([
    db
      .selectFrom("traces")
      .selectAll()
      .where("project_id", "=", projectId)
      .where("trace_id", "in", traceIds)
      .execute(),
    db
      .selectFrom("spans")
      .selectAll()
      .select(isUnpricedSpan.as("is_unpriced"))
      .where("project_id", "=", projectId)
      .where("trace_id", "in", traceIds)
      .execute(),
  ]);
  const byId = new Map(traces.map((trace) => [trace.trace_id, trace]));
  const spansOf = Map.groupBy(spans, (span) => span.trace_id);
  return traceIds.flatMap((id) => {
    const trace = byId.get(id);
    return trace === undefined ? [] : [traceResponse(trace, spansOf.get(id) ?? [])];
  });
}

type ReadSpan = Row<"spans"> & { readonly is_unpriced: boolean };

function traceResponse(trace: Row<"traces">, spans: ReadSpan[]): TraceResponse {
  return { ...traceFields(trace), ...spanTotals(spans), spans: inOrder(spans).map(spanResponse) };
}

/** What {@link inOrder} needs of a span. */
export const orderColumns = ["span_id", "parent_span_id", "started_at", "started_ns", "ended_at"] as const;

/** The spans of a trace in order. */
export function inOrder<Span extends Pick<Row<"spans">, (typeof orderColumns)[number]>>(
  spans: readonly Span[],
): Span[] {
  return inSpanOrder(spans, ({ span_id, parent_span_id, started_at, started_ns, ended_at }) => ({
    span_id,
    parent_span_id,
    start: started_at + String(started_ns).padStart(6, "0"),
    end: ended_at,
  }));
}

/** The columns of a trace that are part of its response. */
export function traceFields(trace: Row<"traces">) {
  const {
    created_at: _created,
    updated_at: _updated,
    changed_xid: _changed,
    content_bytes: _bytes,
    summary: _summary,
    content_hash: _hash,
    ...fields
  } = trace;
  return fields;
}

/** Whether a span has an unknown cost. Spans that an older server stored have no computed cost. */
export const isUnpricedSpan = sql<boolean>`(spans.kind in ('LLM', 'EMBEDDING') and spans.computed_cost is null
  and (spans.total_tokens > 0 or spans.model <> '') is true and spans.cost::text in ('null', '{}'))`;

/** How many of several spans are unpriced. */
export const unpricedSpans = sql<number>`count(*) filter (where ${isUnpricedSpan})`;

/** The columns of spans that {@link spanTotals} sums up. */
export const totalColumns = ["total_tokens", "total_cost"] as const;

/** The tokens and cost of a trace's spans. */
export function spanTotals(
  spans: readonly (Pick<Row<"spans">, (typeof totalColumns)[number]> & { readonly is_unpriced: boolean })[],
) {
  return {
    total_tokens: cappedTokens(spans.reduce((sum, span) => sum + span.total_tokens, 0)),
    total_cost: spans.reduce((sum, span) => sum + span.total_cost, 0),
    unpriced_spans: spans.filter(({ is_unpriced }) => is_unpriced).length,
  };
}

/** Keeps sums of absurd counts exact in JSON. */
export function cappedTokens(sum: number): number {
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}
