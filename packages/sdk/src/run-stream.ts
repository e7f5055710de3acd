import { connectionErrorFrom } from "./errors/connection-error-from.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import type { Operation } from "./operation.ts";
import { type ServerSentEvent, serverSentEvents } from "./server-sent-events.ts";
import { sleep } from "./sleep.ts";

/** How a run's events are asked for, and what that may bear. */
export interface RunStream {
  readonly operation: Operation;
  readonly endpoint: string;
  /** How long the server may be silent, in milliseconds. It says something every 15 seconds. */
  readonly silenceMs: number;
  /** How often in a row the stream may break off and be taken up. */
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
  /** @throws what retries did not help against. */
  open(headers: Record<string, string>, signal: AbortSignal): Promise<Response | undefined>;
}

/** A run's states as the server tells of them, until it has ended. A stream that breaks is taken up where it was. */
export async function* runStream(stream: RunStream): AsyncGenerator<EvalRunResponse, void, undefined> {
  const { operation, endpoint, silenceMs, signal } = stream;
  let seen = {};
  for (let breaks = 1; ; breaks += 1) {
    const connection = new AbortController();
    const hangUp = () => connection.abort(signal?.reason);
    signal?.addEventListener("abort", hangUp, { once: true });
    try {
      const events = serverSentEvents(await stream.open(seen, connection.signal), connection.signal);
      for (;;) {
        // The time that the caller takes between two events does not count.
        const silent = () => connection.abort(new Error(`nothing came for ${silenceMs} ms`));
        const timer = setTimeout(silent, silenceMs);
        let event: ServerSentEvent | undefined;
        try {
          ({ value: event } = await events.next());
          // The server stops, or something before it cuts long answers.
          if (!event) throw connection.signal.reason ?? new Error("the stream ended before the run");
        } catch (cause) {
          signal?.throwIfAborted();
          if (breaks > stream.retries) throw connectionErrorFrom(operation, endpoint, 1, cause);
          break;
        } finally {
          clearTimeout(timer);
        }
        const { id, name, data } = event;
        // Asked again, the server says that there is no such run.
        if (name === "deleted") break;
        breaks = 1;
        if (!data) continue;
        seen = { "last-event-id": id };
        yield JSON.parse(data);
        if (name === "end") return;
      }
    } finally {
      signal?.removeEventListener("abort", hangUp);
      hangUp();
    }
    await sleep(1000 * Math.random(), signal);
  }
}
