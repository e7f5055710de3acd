import type { Columns } from "./column-arrays.ts";
import type { SpanRow } from "./span-row.ts";

/** The columns of a {@link SpanRow}. */
export const spanColumns: Columns<Exclude<keyof SpanRow, "project_id">> = {
  trace_id: "uuid",
  span_id: "uuid",
  parent_span_id: "uuid",
  name: "text",
  kind: "text",
  status: "text",
  input: "json",
  output: "json",
  model: "text",
  token_usage: "json",
  metadata: "json",
  started_at: "timestamptz",
  started_ns: "int4",
  ended_at: "timestamptz",
  error: "text",
  completion_start_time: "timestamptz",
  model_parameters: "json",
  cost: "json",
  total_tokens: "int8",
  total_cost: "float8",
  computed_cost: "float8",
  prompt_tokens: "int8",
  completion_tokens: "int8",
  bytes: "int4",
};

export const otlpSpanColumns = { ...spanColumns, ranks: "json" } satisfies Columns<string>;
