import type { Answer } from "./answer.ts";
import { ConnectionError } from "./errors/connection-error.ts";
import { TimeoutError } from "./errors/timeout-error.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import { onAbort } from "./on-abort.ts";

/** What happened to a run. */
export type RunEvent =
  | {
      /** `progress` as it is at first and on every change; `end`, the last, once it has ended. */
      readonly event: "progress" | "end";
      /** How far the run was. Given as `lastEventId`, it keeps a stream from repeating this. */
      readonly id: string;
      readonly data: EvalRunResponse;
    }
  | { readonly event: "deleted"; readonly id?: undefined; readonly data: { readonly id: string } };

/**
 * The events of a run, until it has ended or is deleted. Leaving them closes the connection.
 *
 * @param open asks for the body of server-sent events that they stand in.
 * @param signal cancels the body too, for not every `fetch` does so once it has answered.
 * @param silenceMs how long nothing may come from now on, be it a comment.
 * @throws TimeoutError where nothing comes; ConnectionError where the body ends before the run, or breaks.
 */
export async function* runEvents(
  operation: string,
  open: () => Promise<Answer<ReadableStream<Uint8Array>>>,
  signal: AbortSignal,
  silenceMs: () => number,
): AsyncGenerator<RunEvent, void, undefined> {
  const { data: body } = await open();
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let cause: unknown;
  let text = "";
  /** The \r that the last piece ended with: with a \n it is one end of a line. */
  let half = "";
  let fields: Record<string, string> = {};
  const fail = (error: unknown) => {
    cause = error;
    return { done: true, value: undefined };
  };
  // A body that is broken already says so again.
  const cancel = () => void reader.cancel().catch(fail);
  const stopListening = onAbort(signal, cancel);
  try {
    for (;;) {
      const limitMs = silenceMs();
      const timer = setTimeout(() => {
        fail(new TimeoutError(`${operation} heard nothing for ${limitMs} ms.`, { operation }));
        cancel();
      }, limitMs);
      const { done, value } = await reader.read().catch(fail);
      clearTimeout(timer);
      signal.throwIfAborted();
      if (done) break;
      // Of a line that comes in pieces, each is looked through once. A \r at a piece's end ends a line, as \r\n does.
      const piece = half + decoder.decode(value, { stream: true });
      const lines = piece.split(/\r\n|[\n\r]/).slice(half.length);
      half = piece.endsWith("\r") ? "\r" : "";
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
  throw new ConnectionError(`${operation} was cut off before the run had ended: resume with lastEventId.`, {
    operation,
    cause,
  });
}
