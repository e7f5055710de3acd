import { isRecord, parseIfJson } from "../../../metrics/reading/json.ts";
import { readMessages } from "../../../metrics/reading/messages.ts";
import { toText } from "../../../metrics/to-text.ts";
import type { Trace } from "../../../metrics/trace.ts";

/** Keys under which agents put their answer, the likeliest first. */
const ANSWER_KEYS = [
  "answer",
  "reply",
  "response",
  "final_answer",
  "output",
  "result",
  "message",
  "text",
  "content",
  "summary",
];

/** The agent's final answer; "" if there is none. */
export function answerText(trace: Trace): string {
  return spoken(trace.output);
}

/** The text in an output: the last assistant message, a string, or a known property; otherwise the whole output. */
export function spoken(output: unknown): string {
  return saidIn(output) ?? (typeof output === "object" && output !== null ? toText(output) : "");
}

function saidIn(output: unknown): string | undefined {
  if (typeof output === "string") {
    const parsed = parseIfJson(output);
    return parsed === output ? output.trim() : saidIn(parsed);
  }
  if (typeof output === "number" || typeof output === "boolean") return String(output);
  const messages = readMessages(output).filter((message) => message.role === "assistant");
  if (messages.length > 0)
    return messages.findLast((message) => message.text.trim() !== "")?.text.trim() ?? "";
  if (!isRecord(output)) return undefined;
  for (const key of ANSWER_KEYS) {
    const said = Object.hasOwn(output, key) ? saidIn(output[key]) : undefined;
    if (said !== undefined && said !== "") return said;
  }
  return undefined;
}
