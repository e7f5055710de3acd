import type { SpanResponse, TraceResponse } from "@pandaprobe/sdk";

/** What was sent of a trace, over the defaults. */
export type TraceFields = Omit<TraceResponse, "spans" | "total_tokens" | "total_cost">;

/** What was sent of a span, over the defaults. */
export type SpanFields = Omit<SpanResponse, "latency_ms" | "time_to_first_token_ms">;

export interface StoredTrace {
  fields: TraceFields;
  /** By id, in the order they came. */
  readonly spans: Map<string, SpanFields>;
  /** When it was last stored or changed, among all changes of traces. */
  changed: number;
}
