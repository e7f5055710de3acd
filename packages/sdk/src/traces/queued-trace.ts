import type { SentTrace } from "./sent-trace.ts";

/** A trace that waits or is in flight, as JSON, so that later changes to the object are not sent. */
export interface QueuedTrace {
  readonly traceId: string;
  readonly json: string;
  readonly bytes: number;
  /** Its number in the order of arrival. */
  readonly place: number;
  /**
   * Whether a callback of the sender sent it. Its drop is then not reported, because the callback might send
   * another trace each time.
   */
  readonly isQuiet: boolean;
  isInFlight: boolean;
  /** How often it failed on its own. */
  failures: number;
  /** How many traces had been sent when it was moved behind the others because of that. */
  sentBefore: number | undefined;
}

/**
 * Spans get their ids here, so that a trace sent twice has the same spans.
 *
 * @throws TypeError for a value that JSON cannot represent.
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

/** A random UUID (version 4). Browsers have `crypto.randomUUID` only on secure pages. */
export function newUuid(): string {
  const digits = Array.from(randomBytes(), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-a$4-");
}

function randomBytes(): Uint8Array {
  const bytes = new Uint8Array(16);
  try {
    return crypto.getRandomValues(bytes);
  } catch {
    // Cloudflare Workers do not allow it outside of a request.
    return bytes.map(() => Math.random() * 256);
  }
}
