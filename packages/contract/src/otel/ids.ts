/**
 * The id of an OpenTelemetry trace in PandaProbe: the same 32 digits, as a UUID.
 *
 * @example
 * ```ts
 * import { toTraceId } from "@pandaprobe/sdk/otel";
 *
 * const traceId = toTraceId("4bf92f3577b34da6a3ce929d0e0e4736");
 * await client.createTraceScore({ trace_id: traceId, name: "thumbs", value: "1" });
 * ```
 */
export function toTraceId(otelTraceId: string): string {
  const id = otelTraceId;
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
}

/** The id of an OpenTelemetry span in PandaProbe: its 16 digits after 16 zeros, as a UUID. */
export function toSpanId(otelSpanId: string): string {
  return toTraceId(otelSpanId.padStart(32, "0"));
}
