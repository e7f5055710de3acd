export {
  type OtelAttributes,
  type OtelEvent,
  type OtelSpan,
  type OtelTime,
  toSpanId,
  toTraceId,
} from "@pandaprobe/contract/otel";
export { type OtelExportResult, PandaProbeExporter, type PandaProbeExporterOptions } from "./exporter.ts";
export type { KnownTrace, KnownTraces } from "./known-traces.ts";
export { type ToTracesOptions, toTraces } from "./to-traces.ts";
