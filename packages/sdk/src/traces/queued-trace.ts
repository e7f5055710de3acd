import { newUuid } from "./new-uuid.ts";
import type { SentTrace } from "./trace-sender-options.ts";

/** A trace on its way, as the JSON that it was when it was given: what the program does with it later is its own. */
export interface QueuedTrace {
  readonly traceId: string;
  readonly json: string;
  readonly bytes: number;
  /** Its place in the order they came. */
  readonly place: number;
  isUnderWay: boolean;
  /** How often it failed by itself. */
  failures: number;
  /** How many traces had been sent when it was put behind the others for that. */
  sentBefore: number | undefined;
}

/**
 * Spans get their ids here too: sent twice, they are the same spans.
 *
 * @throws TypeError for what JSON cannot hold.
 */
export function queuedTrace(trace: SentTrace, traceId: string, place: number): QueuedTrace {
  const spans = trace.spans?.map((span) => ({ ...span, span_id: span.span_id ?? newUuid() }));
  const json = JSON.stringify({ ...trace, trace_id: traceId, spans });
  const bytes = new TextEncoder().encode(json).length;
  return { traceId, json, bytes, place, isUnderWay: false, failures: 0, sentBefore: undefined };
}
