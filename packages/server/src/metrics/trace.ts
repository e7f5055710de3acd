import type { SpanKind, SpanStatusCode, TraceStatus } from "@pandaprobe/contract";

/** A trace as a metric sees it: one request to an agent, with its spans in the order they started. */
export interface Trace {
  readonly trace_id: string;
  readonly name: string;
  readonly status: TraceStatus;
  readonly input: unknown;
  readonly output: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly session_id: string | null;
  readonly tags: readonly string[];
  readonly spans: readonly Span[];
  /** The cost of all spans in USD; `null` if none has one. Default: `null`. */
  readonly cost_usd?: number | null | undefined;
  /** The traces that its text is from, if it is a whole session. Default: itself. */
  readonly source_ids?: readonly string[] | undefined;
}

/** One step of a trace: a model call, a tool call, a retrieval, an agent's turn. */
export interface Span {
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly status: SpanStatusCode;
  readonly input: unknown;
  readonly output: unknown;
  readonly model: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly model_parameters: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
  readonly started_at: string;
  readonly ended_at: string | null;
}
