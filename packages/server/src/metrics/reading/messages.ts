import { isRecord } from "./is-record.ts";
import { type Message, readMessage } from "./message.ts";

/** Where requests and answers of the common providers and frameworks keep their messages. */
const WRAPPERS = [
  "messages",
  "contents",
  "choices",
  "candidates",
  "message",
  "content",
  "output",
  "input",
  "history",
];

/** Deep enough for `{ candidates: [{ content: … }] }`; a value of someone's own is not searched any further. */
const MAX_DEPTH = 4;

/** The messages that a value holds, in order: a list of them, a single one, or a request or answer around them. */
export function readMessages(value: unknown, depth = MAX_DEPTH): readonly Message[] {
  if (depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item) => readMessages(item, depth - 1));
  const message = readMessage(value);
  if (message !== undefined) return [message];
  if (!isRecord(value)) return [];
  for (const key of WRAPPERS) {
    const inner = readMessages(value[key], depth - 1);
    if (inner.length > 0) return inner;
  }
  return [];
}
