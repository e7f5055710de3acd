export { createTracing, type Tracing, type TracingOptions } from "./create-tracing.ts";
export type { Observable, Observed, ObserveOptions } from "./observe.ts";
export type { SessionFields } from "./open-trace.ts";
export type { Span, SpanFields } from "./span.ts";
