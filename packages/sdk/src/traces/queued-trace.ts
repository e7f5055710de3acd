import { newUuid } from "./new-uuid.ts";
import type { SentTrace } from "./trace-sender-options.ts";

/** A trace that waits or is in flight, as the JSON that it was when it was given: later changes to the object are not sent. */
export interface QueuedTrace {
  readonly traceId: string;
  readonly json: string;
  readonly bytes: number;
  /** Its number in the order they came. */
  readonly place: number;
  /** Whether a callback of the sender sent it, which is then not called for its drop: it might send again, without end. */
  readonly isQuiet: boolean;
  isInFlight: boolean;
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
export function queuedTrace(
  trace: SentTrace,
  { traceId, place, isQuiet }: Pick<QueuedTrace, "traceId" | "place" | "isQuiet">,
): QueuedTrace {
  const spans = trace.spans?.map((span) => ({ ...span, span_id: span.span_id ?? newUuid() }));
  const json = JSON.stringify({ ...trace, trace_id: traceId, spans });
  const bytes = new TextEncoder().encode(json).length;
  return { traceId, json, bytes, place, isQuiet, isInFlight: false, failures: 0, sentBefore: undefined };
}
