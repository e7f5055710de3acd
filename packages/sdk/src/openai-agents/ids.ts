import { toTraceId as fromOtelId } from "@pandaprobe/sdk/otel";

/**
 * The id of an OpenAI Agents trace in PandaProbe: the 32 digits of `trace_…`, as a UUID. An id in any other form is
 * hashed.
 *
 * @example
 * ```ts
 * import { toTraceId } from "@pandaprobe/sdk/openai-agents";
 *
 * const traceId = toTraceId("trace_4bf92f3577b34da6a3ce929d0e0e4736");
 * await client.createTraceScore({ trace_id: traceId, name: "thumbs", value: "1" });
 * ```
 */
export const toTraceId = (agentsTraceId: string): string => fromOtelId(hexTraceId(agentsTraceId));

/** The id in OpenTelemetry's form. */
export function hexTraceId(id: string): string {
  return /^trace_([\da-f]{32})$/.exec(id)?.[1] ?? hashed(id);
}

export function hexSpanId(id: string): string {
  return /^span_([\da-f]{24})$/.exec(id)?.[1] ?? hashed(id);
}

/** FNV-1a with 128 bits: short and, unlike Web Crypto, synchronous. */
function hashed(id: string): string {
  let hash = 0x6c62272e07bb014262b821756295c58dn;
  for (const byte of new TextEncoder().encode(id)) {
    hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * 0x1000000000000000000013bn);
  }
  return hash.toString(16).padStart(32, "0");
}
