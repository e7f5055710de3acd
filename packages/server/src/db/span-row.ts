import type { SpanCreate } from "@pandaprobe/contract";
import {
  computedCost,
  keptMetadata,
  mergedMetadata,
  type SpanPrices,
  splitDateTime,
  tokenCounts,
  totalCost,
} from "@pandaprobe/contract/rules";
import type { NewRow, Row } from "./schema.ts";
import { toJson } from "./storable.ts";

/** A span that is written, without what the database sets. */
export type SpanRow = Filled<Omit<NewRow<"spans">, "seq">> & { readonly bytes: number };
type Filled<Given> = { [Name in keyof Given]-?: Exclude<Given[Name], undefined> };

/** The row to store for a span: the sent fields override the stored ones, which override the defaults. */
export function spanRow(
  key: { project_id: string; trace_id: string; span_id: string },
  sent: SpanCreate,
  stored: Row<"spans"> | undefined,
  prices: SpanPrices,
): SpanRow {
  const span = stored === undefined ? sent : { ...stored, ...sent };
  const { iso: started_at, ns } = splitDateTime(span.started_at);
  const computed_cost = computedCost(span, prices);
  const row = {
    project_id: key.project_id,
    trace_id: key.trace_id,
    span_id: key.span_id,
    parent_span_id: span.parent_span_id ?? null,
    name: span.name,
    kind: span.kind ?? "OTHER",
    status: span.status ?? "UNSET",
    input: toJson(span.input),
    output: toJson(span.output),
    model: span.model ?? null,
    token_usage: toJson(span.token_usage),
    metadata: toJson(keptMetadata(mergedMetadata(stored?.metadata, sent.metadata))),
    started_at,
    // A change of other fields sends the milliseconds that are stored.
    started_ns: ns === 0 && started_at === stored?.started_at ? stored.started_ns : ns,
    ended_at: span.ended_at ?? null,
    error: span.error ?? null,
    completion_start_time: span.completion_start_time ?? null,
    model_parameters: toJson(span.model_parameters),
    cost: toJson(span.cost),
    ...tokenCounts(span.token_usage),
    total_cost: computed_cost ?? totalCost(span.cost),
    computed_cost,
  };
  const large = [row.input, row.output, row.token_usage, row.metadata, row.model_parameters, row.cost];
  let bytes = Buffer.byteLength(row.error ?? "") + Buffer.byteLength(row.name);
  for (const text of large) bytes += Buffer.byteLength(text);
  return { ...row, bytes };
}

/** The size of a stored span, even if an older server wrote it. */
export function storedSize(stored: Row<"spans">): number {
  return stored.bytes ?? unchangedRow(stored).bytes;
}

/** A stored span as the row that stored it. */
export function unchangedRow(stored: Row<"spans">): SpanRow {
  const { name, started_at, computed_cost, total_cost } = stored;
  return { ...spanRow(stored, { name, started_at }, stored, () => null), computed_cost, total_cost };
}
