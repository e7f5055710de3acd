import { isRecord } from "./json.ts";
import { type Message, readMessage } from "./message.ts";

/** Keys under which requests and answers of common providers and frameworks keep their messages. */
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

/** Deep enough for `{ candidates: [{ content: … }] }`; custom values are not searched further. */
const MAX_DEPTH = 4;

/** The messages in a value, in order: a list, a single message, or a request or answer that wraps them. */
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
