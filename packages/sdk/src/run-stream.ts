import type { Answer } from "./answer.ts";
import type { CallLimits } from "./call-limits.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import { type ServerSentEvent, serverSentEvents } from "./server-sent-events.ts";
import { sleep } from "./sleep.ts";

/**
 * A run's states as the server tells of them, until it has ended. A stream that breaks is taken up where it was.
 *
 * @param open answers with the stream; rejects with what retries did not help against.
 * @param limits how long the server may be silent, and how often in a row the stream may break and be taken up.
 * @param broken the error for one that breaks too often.
 */
export async function* runStream(
  open: (headers: Record<string, string>, signal: AbortSignal) => Promise<Answer<unknown>>,
  { tryMs, retries }: CallLimits,
  signal: AbortSignal | undefined,
  broken: (cause: unknown) => Error,
): AsyncGenerator<EvalRunResponse, void, undefined> {
  let seen = {};
  for (let breaks = 1; ; breaks += 1) {
    const connection = new AbortController();
    const hangUp = () => connection.abort(signal?.reason);
    signal?.addEventListener("abort", hangUp, { signal: connection.signal });
    try {
      const events = serverSentEvents((await open(seen, connection.signal)).data, connection.signal);
      for (;;) {
        // The time that the caller takes between two events does not count.
        const silent = () => connection.abort(new Error(`nothing came for ${tryMs} ms`));
        const timer = setTimeout(silent, tryMs);
        let event: ServerSentEvent | undefined;
        try {
          ({ value: event } = await events.next());
          // The server stops, or something before it cuts long answers.
          if (!event) throw connection.signal.reason ?? new Error("the stream ended before the run");
        } catch (cause) {
          signal?.throwIfAborted();
          if (breaks > retries) throw broken(cause);
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
      hangUp();
    }
    await sleep(1000 * Math.random(), signal);
  }
}
