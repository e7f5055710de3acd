import {
  addToTrace,
  inSpanOrder,
  mapSpan,
  type OtelSpan,
  sortableTime,
  type TracePart,
  toTraceId,
  traceBatch,
} from "@pandaprobe/contract/otel";
import type { TraceCreate } from "@pandaprobe/sdk";
import type { KnownTraces } from "./known-traces.ts";

/** The most spans that the server accepts with one trace. */
const mostSpans = 500;

export interface ToTracesOptions {
  /** Summaries of the same traces from earlier spans; they are updated. Default: none. */
  readonly known?: KnownTraces | undefined;
  /**
   * Which spans to keep. A root span that is left out still decides its trace's name, start and status; a trace
   * without spans is left out. Default: all.
   */
  readonly filter?: ((span: OtelSpan) => boolean) | undefined;
  /**
   * Called with each span that cannot be read, or on which the filter throws; the span is left out. Default:
   * it throws.
   */
  readonly onError?: ((error: unknown, span: OtelSpan) => void) | undefined;
}

/**
 * Converts spans to traces. The root span decides its trace's name, input, output and status; a trace whose root has
 * not arrived yet is RUNNING. A trace of more than 500 spans is split into several, which the server merges.
 *
 * @throws RangeError or TypeError for anything but a span, or for an invalid time, if there is no `onError`.
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
    const kept = parts.filter(({ isKept }) => isKept);
    const before = known.get(traceId);
    const { summary, fields } = addToTrace(before, traceBatch(parts));
    if (kept.length === 0 && (before === undefined || summary.lead.rank === before.lead.rank)) return [];
    known.set(traceId, summary);
    return inSlices({ trace_id: toTraceId(traceId), ...fields }, inOrder(kept));
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
      const part = { otel, isKept: filter(otel), ...mapSpan(otel) };
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

function inOrder(parts: readonly TracePart[]): TracePart[] {
  return inSpanOrder(parts, ({ span, end, otel }) => ({
    ...span,
    start: sortableTime(otel.startTime),
    end: sortableTime(end),
  }));
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
