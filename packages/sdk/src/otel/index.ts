export { type OtelExportResult, PandaProbeExporter, type PandaProbeExporterOptions } from "./exporter.ts";
export { toSpanId, toTraceId } from "./ids.ts";
export type { KnownTrace, KnownTraces } from "./known-traces.ts";
export type { OtelAttributes, OtelEvent, OtelSpan, OtelTime } from "./otel-span.ts";
export { type ToTracesOptions, toTraces } from "./trace-create.ts";
