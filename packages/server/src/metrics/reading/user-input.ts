import { toText } from "../to-text.ts";
import type { Trace } from "../trace.ts";
import { isRecord, parseIfJson } from "./json.ts";
import { readMessages } from "./messages.ts";

/** Keys under which agents receive the user's request, the likeliest first. */
const REQUEST_KEYS = [
  "user_input",
  "query",
  "question",
  "user_message",
  "message",
  "prompt",
  "request",
  "task",
  "goal",
  "objective",
  "instruction",
  "input",
  "text",
  "content",
] as const;

/** The user's request, from the root of the trace; undefined if there is none. */
export function readUserInput(trace: Trace): string | undefined {
  const root = trace.spans.find((span) => span.parent_span_id === null);
  for (const input of [trace.input, root?.input]) {
    const request = readRequest(input);
    if (request !== "") return request;
  }
  return undefined;
}

/** The request in an input: the last user message, a string, or a known property; otherwise the whole input as JSON. */
export function readRequest(input: unknown): string {
  return statedRequest(input) ?? (isEmptyContainer(input) ? "" : toText(input).trim());
}

function statedRequest(input: unknown): string | undefined {
  if (typeof input === "string") {
    const parsed = parseIfJson(input);
    if (parsed !== input) return statedRequest(parsed);
    return input.trim() === "" ? undefined : input.trim();
  }
  const asked = readMessages(input).findLast(
    (message) => message.role === "user" && message.text.trim() !== "",
  );
  if (asked !== undefined) return asked.text.trim();
  if (!isRecord(input)) return undefined;
  for (const key of REQUEST_KEYS) {
    if (!Object.hasOwn(input, key)) continue;
    const request = statedRequest(input[key]);
    if (request !== undefined) return request;
  }
  return undefined;
}

function isEmptyContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
