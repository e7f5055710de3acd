import { apiErrorFrom } from "./errors/api-error-from.ts";
import { connectionErrorFrom } from "./errors/connection-error-from.ts";
import { isPandaProbeError } from "./errors/panda-probe-error.ts";
import { TimeoutError } from "./errors/timeout-error.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import { mayPass, retryAfterMs } from "./look-at-run.ts";
import type { Operation } from "./operation.ts";
import { serverSentEvents } from "./server-sent-events.ts";
import { sleep } from "./sleep.ts";

const longestPauseMs = 8_000;

/** How a run's events are asked for, and what that may bear. */
export interface RunStream {
  readonly operation: Operation;
  readonly endpoint: string;
  /** How long the server may be silent, in milliseconds. It says something every 15 seconds. */
  readonly silenceMs: number;
  /** How often in a row it may fail and be asked again. */
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
  /** @throws what says why there is no stream. */
  open(headers: Record<string, string>, signal: AbortSignal): Promise<Response>;
}

/** A run's states as the server tells of them, until it has ended. A stream that breaks is taken up where it was. */
export async function* runStream(stream: RunStream): AsyncGenerator<EvalRunResponse, void, undefined> {
  const { operation, endpoint, silenceMs, signal } = stream;
  let seen: Record<string, string> = {};
  for (let failures = 1; ; failures += 1) {
    signal?.throwIfAborted();
    const connection = new AbortController();
    const hangUp = () => connection.abort();
    signal?.addEventListener("abort", hangUp, { once: true });
    let isSilent = false;
    // The time that the caller takes between two events does not count.
    const inTime = <T>(work: Promise<T>): Promise<T> => {
      const timer = setTimeout(() => {
        isSilent = true;
        hangUp();
      }, silenceMs);
      return work.finally(() => clearTimeout(timer));
    };
    let waitMs = 0;
    try {
      const accept = { accept: "text/event-stream", ...seen };
      const events = serverSentEvents(await inTime(stream.open(accept, connection.signal)));
      for (let isFirst = true; ; isFirst = false) {
        const { value: event } = await inTime(events.next());
        // The server stops, or something before it cuts long answers.
        if (!event) throw new Error("the stream ended before the run");
        if (event.name === "deleted") throw deletedError(operation);
        // It works again, once there is more than the greeting.
        if (!isFirst || event.data !== "") failures = 1;
        if (event.data === "") continue;
        seen = { "last-event-id": event.id };
        yield JSON.parse(event.data) as EvalRunResponse;
        if (event.name === "end") return;
      }
    } catch (reason) {
      signal?.throwIfAborted();
      const cause = isSilent ? silenceError(stream) : reason;
      const error = isPandaProbeError(cause) ? cause : connectionErrorFrom(operation, endpoint, 1, cause);
      if (!mayPass(error) || failures > stream.retries) throw error;
      waitMs = retryAfterMs(error);
    } finally {
      signal?.removeEventListener("abort", hangUp);
      hangUp();
    }
    const backoffMs = Math.min(250 * 2 ** failures, longestPauseMs) * Math.random();
    await sleep(Math.max(waitMs, backoffMs), signal);
  }
}

function deletedError(operation: Operation): Error {
  const detail = "The run was deleted.";
  return apiErrorFrom(operation, new Response(null, { status: 404 }), { code: "not_found", detail });
}

function silenceError({ operation, endpoint, silenceMs }: RunStream): TimeoutError {
  const message = `${operation} timed out: nothing came from ${endpoint} for ${silenceMs} ms. Raise timeoutMs if something on the way holds answers back.`;
  return new TimeoutError(message, { operation });
}
