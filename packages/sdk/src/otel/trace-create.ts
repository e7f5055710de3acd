import type { TraceCreate } from "@pandaprobe/sdk";
import { toTraceId } from "./ids.ts";
import type { KnownTraces } from "./known-traces.ts";
import type { OtelSpan, OtelTime } from "./otel-span.ts";
import { convertSpan } from "./span-create.ts";
import { rootOf, type TracePart, wholeTrace } from "./whole-trace.ts";

/** What the server takes with one trace in one go. */
const mostSpans = 500;

export interface ToTracesOptions {
  /** What earlier spans of the same traces have said; it is brought up to date. Default: nothing. */
  readonly known?: KnownTraces | undefined;
  /**
   * Which spans are kept. A root that is not still decides when its trace started and how it ended, and what it is
   * called; a trace of which nothing is kept is none. Default: all.
   */
  readonly filter?: ((span: OtelSpan) => boolean) | undefined;
  /** Told of each span that cannot be read, or that the filter fails on, which is left out. Default: it is thrown. */
  readonly onError?: ((error: unknown, span: OtelSpan) => void) | undefined;
}

/**
 * The traces that spans make. The root span of a trace decides its name, its input and output, and how it ended; a trace
 * whose root is not among the spans is RUNNING until it comes. A trace of more than 500 spans comes in several, which the
 * server merges.
 *
 * @throws RangeError or TypeError for what is no span, or has a time that is none, without `onError`.
 * @example
 * ```ts
 * import { type OtelSpan, toTraces } from "@pandaprobe/sdk/otel";
 *
 * declare const spans: OtelSpan[];
 * for (const trace of toTraces(spans)) await client.createTrace(trace);
 * ```
 */
export function toTraces(spans: readonly OtelSpan[], options: ToTracesOptions = {}): TraceCreate[] {
  const { known = new Map() } = options;
  return [...partsByTrace(spans, options)].flatMap(([traceId, parts]) => {
    parts.sort((a, b) => order(a.otel, b.otel));
    const kept = parts.filter(({ isKept }) => isKept);
    const before = known.get(traceId);
    if (kept.length === 0 && (before === undefined || rootOf(parts) === undefined)) return [];
    const whole = wholeTrace(parts, before);
    known.set(traceId, {
      name: whole.name,
      started_at: whole.started_at,
      isRooted: whole.status !== "RUNNING",
    });
    return inSlices({ trace_id: toTraceId(traceId), ...whole }, kept);
  });
}

function partsByTrace(
  spans: readonly OtelSpan[],
  { filter = () => true, onError }: ToTracesOptions,
): Map<string, TracePart[]> {
  const byTrace = new Map<string, TracePart[]>();
  for (const otel of spans) {
    try {
      const { traceId } = otel.spanContext();
      const part = { otel, isKept: filter(otel), ...convertSpan(otel) };
      const parts = byTrace.get(traceId) ?? [];
      byTrace.set(traceId, parts);
      parts.push(part);
    } catch (error) {
      if (onError === undefined) throw error;
      onError(error, otel);
    }
  }
  return byTrace;
}

/** As they started; what held the other first, where they did so together. */
function order(a: OtelSpan, b: OtelSpan): number {
  return compare(a.startTime, b.startTime) || compare(b.endTime, a.endTime);
}

function compare(a: OtelTime, b: OtelTime): number {
  return a[0] - b[0] || a[1] - b[1];
}

function inSlices(trace: TraceCreate, parts: readonly TracePart[]): TraceCreate[] {
  const { trace_id, name, started_at } = trace;
  const traces: TraceCreate[] = [];
  let from = 0;
  do {
    const spans = parts.slice(from, from + mostSpans).map(({ span }) => span);
    traces.push({ ...(from === 0 ? trace : { trace_id, name, started_at }), spans });
    from += mostSpans;
  } while (from < parts.length);
  return traces;
}
