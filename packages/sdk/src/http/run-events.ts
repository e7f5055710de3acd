import { onAbort } from "../async/on-abort.ts";
import { ConnectionError, TimeoutError } from "../errors/connection-errors.ts";
import type { EvalRunResponse } from "../generated/types.ts";

/** An event of a run's stream. */
export type RunEvent =
  | {
      /** `progress` at the start and on every change; `end`, the last one, when the run has ended. */
      readonly event: "progress" | "end";
      /** Pass it as `lastEventId` to resume the stream: this event is then not repeated. */
      readonly id: string;
      readonly data: EvalRunResponse;
    }
  | { readonly event: "deleted"; readonly id?: undefined; readonly data: { readonly id: string } };

/**
 * Reads the server-sent events of a run until it has ended or is deleted. Leaving the loop closes the connection.
 *
 * @param open requests the stream.
 * @param signal cancels the body too: not every `fetch` does so after it has responded.
 * @param silenceMs how long the stream may be silent from now on, without even a comment.
 * @throws TimeoutError if it is silent for longer; ConnectionError if it breaks off before the run has ended.
 */
export async function* runEvents(
  operation: string,
  open: () => Promise<ReadableStream<Uint8Array>>,
  signal: AbortSignal,
  silenceMs: () => number,
): AsyncGenerator<RunEvent, void, undefined> {
  const reader = (await open()).getReader();
  const decoder = new TextDecoder();
  let cause: unknown;
  let text = "";
  /** The \r at the end of the last chunk, in case a \n follows. */
  let half = "";
  let fields: Record<string, string> = {};
  const fail = (error: unknown) => {
    cause = error;
    return { done: true, value: undefined };
  };
  // Cancelling a broken body rejects once more.
  const cancel = () => void reader.cancel().catch(fail);
  const stopListening = onAbort(signal, cancel);
  try {
    for (;;) {
      const limitMs = silenceMs();
      const timer = setTimeout(() => {
        fail(new TimeoutError(`${operation} received nothing for ${limitMs} ms.`, { operation }));
        cancel();
      }, limitMs);
      const { done, value } = await reader.read().catch(fail);
      clearTimeout(timer);
      signal.throwIfAborted();
      if (done) break;
      // Each chunk of a line is searched once. A \r at the end of a chunk ends a line, like \r\n.
      const chunk = half + decoder.decode(value, { stream: true });
      const lines = chunk.split(/\r\n|[\n\r]/).slice(half.length);
      half = chunk.endsWith("\r") ? "\r" : "";
      lines[0] = text + lines[0];
      text = lines.pop() ?? "";
      for (const line of lines) {
        const { event, id, data } = fields;
        if (line === "") {
          fields = {};
          if (data === undefined) continue;
          yield { event, id, data: JSON.parse(data) } as RunEvent;
          if (event === "end" || event === "deleted") return;
        } else {
          const [name = "", value = ""] = line.split(/: ?(.*)/s);
          fields[name] = name === "data" && data !== undefined ? `${data}\n${value}` : value;
        }
      }
    }
  } finally {
    stopListening();
    cancel();
  }
  if (cause instanceof TimeoutError) throw cause;
  throw new ConnectionError(`${operation} broke off: resume with lastEventId.`, {
    operation,
    cause,
  });
}
