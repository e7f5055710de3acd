import type { SpanKind, SpanStatusCode, TraceStatus } from "@pandaprobe/contract";
import type { ContentRanks, TraceSummary } from "@pandaprobe/contract/otel";
import type { ColumnType, Generated, RawBuilder } from "kysely";
import type { DefaultNow, Json, JsonObject, Timestamp } from "./columns.ts";

interface TracesTable {
  project_id: string;
  trace_id: string;
  name: string;
  status: TraceStatus;
  input: Json<unknown>;
  output: Json<unknown>;
  metadata: Json<JsonObject>;
  started_at: Timestamp;
  ended_at: Timestamp | null;
  session_id: string | null;
  user_id: string | null;
  tags: string[];
  environment: string | null;
  release: string | null;
  created_at: DefaultNow;
  updated_at: DefaultNow;
  /** The last transaction that wrote the row. The database maintains it. */
  changed_xid: ColumnType<string, never, never>;
  /** The size of its own content, without spans. The database maintains it. `null`: written before this was measured. */
  content_bytes: ColumnType<number | null, never, never>;
  /** Which of its spans decide its fields (`contract/otel`); `null` if it did not come from OpenTelemetry. */
  summary: ColumnType<TraceSummary | null, string | undefined, string>;
  /**
   * Changes with what a judge reads of the trace (`features/traces/trace-content.ts`). Read it as text, since it has 64
   * bits. A writer gives the part of the spans; the database adds the trace's own.
   */
  content_hash: ColumnType<number, string | undefined, RawBuilder<number>>;
}

interface SpansTable {
  project_id: string;
  trace_id: string;
  span_id: string;
  /** In the order of arrival. */
  seq: Generated<number>;
  parent_span_id: string | null;
  name: string;
  kind: SpanKind;
  status: SpanStatusCode;
  input: Json<unknown>;
  output: Json<unknown>;
  model: string | null;
  token_usage: Json<JsonObject | null>;
  metadata: Json<JsonObject>;
  started_at: Timestamp;
  /** The nanoseconds that `started_at` leaves out. */
  started_ns: Generated<number>;
  ended_at: Timestamp | null;
  error: string | null;
  completion_start_time: Timestamp | null;
  model_parameters: Json<JsonObject | null>;
  cost: Json<Record<string, number> | null>;
  /** Computed from `token_usage` and `cost` when the span is written, so that lists need not read them. */
  total_tokens: number;
  total_cost: number;
  /** In USD, from its model and tokens; `null` if the sender gave a cost, or if it is unknown. */
  computed_cost: number | null;
  prompt_tokens: Generated<number>;
  completion_tokens: Generated<number>;
  /**
   * The size of all its texts and JSON, which limits traces and plans reading them in pieces; `null` if an older server
   * wrote it last. `content_bytes` cannot replace it: it counts only what `QUOTA_BYTES` promises to count, so it misses
   * up to 3 MB of parameters, usage and cost per span. Widening it would change what projects are charged for and
   * rewrite every span, and dropping this column would break older servers, which write it.
   */
  bytes: number | null;
  /** The ranks of its missing input or output in the summary of its trace, for when messages from the log fill it. */
  ranks: ColumnType<ContentRanks | null, never, never>;
  /** The size of its content. The database maintains it. `null`: written before this was measured. */
  content_bytes: ColumnType<number | null, never, never>;
}

/** Evaluation results from OpenTelemetry, for 24 hours. */
interface OtelEventsTable {
  project_id: string;
  trace_id: string;
  span_id: string;
  name: string;
  /** Nanoseconds since 1970. */
  time_ns: string;
  /** The score that it becomes when its trace arrives; `null` once it has. */
  score: Json<JsonObject> | null;
  received_at: DefaultNow;
}

/** Messages of model calls from OpenTelemetry's logs, for 24 hours. */
interface OtelMessagesTable {
  project_id: string;
  trace_id: string;
  span_id: string;
  name: string;
  /** Nanoseconds since 1970. */
  time_ns: string;
  /** Of its content. */
  digest: string;
  /** The order of events at the same time. */
  place: number;
  /** JSON values with commas between them. */
  input: string;
  output: string;
  /** How many values `output` has. */
  outputs: number;
  tools: string | null;
  bytes: number;
  /** Whether its span does not have its content yet. */
  waiting: Generated<boolean>;
  received_at: DefaultNow;
}

/** Traces and spans. */
export interface TraceTables {
  traces: TracesTable;
  spans: SpansTable;
  otel_events: OtelEventsTable;
  otel_messages: OtelMessagesTable;
}
