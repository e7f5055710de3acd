import { isRecord, parseIfJson } from "../../../metrics/reading/json.ts";
import { readMessages } from "../../../metrics/reading/messages.ts";
import { toText } from "../../../metrics/to-text.ts";
import type { Trace } from "../../../metrics/trace.ts";

/** Names under which agents put what they say, the likelier first. */
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

/** What the agent answered in the end; empty where it did not. */
export function answerText(trace: Trace): string {
  return spoken(trace.output);
}

/** What is said in an output: the last message of the assistant, a string, the property that holds it, else all of it. */
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
