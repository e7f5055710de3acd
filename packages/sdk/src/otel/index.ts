export { type OtelExportResult, PandaProbeExporter, type PandaProbeExporterOptions } from "./exporter.ts";
export { toSpanId, toTraceId } from "./ids.ts";
export type { OtelAttributes, OtelEvent, OtelSpan, OtelTime } from "./otel-span.ts";
export { type KnownTrace, type KnownTraces, toTraces } from "./trace-create.ts";
