import { type AvailableTool, readAvailableTools } from "../../../metrics/reading/available-tools.ts";
import { readUserInput } from "../../../metrics/reading/user-input.ts";
import type { Trace } from "../../../metrics/trace.ts";
import { trimText } from "../../../metrics/trim/text.ts";
import { answerText, spoken } from "./answer-text.ts";
import { type MadeCall, madeCalls } from "./made-calls.ts";

/** The facts that all heuristics use, gathered from a trace once. */
export interface Evidence {
  readonly trace: Trace;
  /** The user's request. */
  readonly request: string;
  /** The agent's final answer. */
  readonly answer: string;
  /** Everything that the agent said, including the final answer, each text once. */
  readonly said: string;
  readonly calls: readonly MadeCall[];
  readonly tools: readonly AvailableTool[];
}

/** Longer texts are trimmed in the middle before they are searched. */
const MAX_CHARS = 40_000;

export function gatherEvidence(trace: Trace): Evidence {
  const answer = trimText(answerText(trace), MAX_CHARS);
  return {
    trace,
    request: trimText(readUserInput(trace) ?? "", MAX_CHARS),
    answer,
    said: saidOnTheWay(trace, answer),
    calls: madeCalls(trace),
    tools: readAvailableTools(trace),
  };
}

function saidOnTheWay(trace: Trace, answer: string): string {
  const texts = new Set([answer]);
  for (const span of trace.spans) {
    if (span.kind === "LLM" || span.kind === "AGENT") texts.add(trimText(spoken(span.output), MAX_CHARS));
  }
  return trimText([...texts].filter(Boolean).join("\n"), MAX_CHARS * 2);
}
