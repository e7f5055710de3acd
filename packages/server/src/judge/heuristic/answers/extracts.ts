import { trimText } from "../../../metrics/trim/text.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { nameOf } from "../evidence/made-calls.ts";
import { counted } from "../finding.ts";

const MAX_TASK = 1_000;

/** The task: the user's request, word for word. */
export function findTask({ request }: Evidence): string {
  return request === "" ? "The trace does not show what the user wanted." : trimText(request, MAX_TASK);
}

const MAX_ANSWER = 1_000;

/** The outcome of a trace in facts: its status, its calls and their failures, its answer. */
export function describeOutcome({ trace, calls, answer }: Evidence): string {
  const failed = calls.filter((call) => call.failure !== null);
  const parts = [
    trace.status === "COMPLETED" ? "" : `The trace has the status ${trace.status}.`,
    calls.length === 0
      ? "No tool was called."
      : `${counted(calls.length, "tool call")}: ${listNames(calls.map(({ name }) => name))}.`,
    failed.length === 0
      ? ""
      : `${failed.length} of them failed: ${failed
          .slice(0, 3)
          .map((call) => `${nameOf(call)} (${call.failure})`)
          .join("; ")}.`,
    answer === "" ? "There is no answer." : `The answer: ${trimText(answer, MAX_ANSWER)}`,
  ];
  return parts.filter(Boolean).join(" ");
}

function listNames(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .slice(0, 20)
    .map(([name, n]) => (n === 1 ? name : `${name} ×${n}`))
    .join(", ");
}
