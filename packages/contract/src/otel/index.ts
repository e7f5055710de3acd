/*
 * How OpenTelemetry's spans become traces. The server and the SDK's exporter both use it, so that the same spans give
 * the same trace. It is pure, and needs nothing else from the contract. Not part of the contract's public API.
 */

export { exactIntegers } from "../common/exact-integers.ts";
export { inSpanOrder } from "../common/span-order.ts";
export type { Kind } from "./dialect.ts";
export { toSpanId, toTraceId } from "./ids.ts";
export { isRecord, parsed } from "./json-values.ts";
export { limitedText, type MappedSpan, mapSpan } from "./map-span.ts";
export {
  type OtelAttributes,
  type OtelEvent,
  type OtelSpan,
  type OtelTime,
  parentIdOf,
} from "./otel-span.ts";
export { type ContentRanks, contentRanks, type TracePart } from "./ranked-part.ts";
export { sortableTime } from "./time.ts";
export {
  addToTrace,
  type TraceBatch,
  type TraceChange,
  type TraceFields,
  type TraceSummary,
  traceBatch,
  withContent,
} from "./trace-summary.ts";
