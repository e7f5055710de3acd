import { ProblemError } from "@pandaprobe/contract/rules";
import type { TargetType } from "./runs/run.ts";

/** A score at or above it is a success, unless the run says otherwise. */
export const defaultThreshold = 0.5;

/** The metrics of single traces, by name: what the server says of each. */
export const traceMetrics: Readonly<Record<string, string>> = {
  task_completion: "Evaluates whether the agent accomplished the user's stated objective.",
  tool_correctness: "Evaluates whether the agent selected appropriate tools for the task.",
  argument_correctness: "Evaluates whether the agent passed correct arguments to the tools it called.",
  step_efficiency:
    "Evaluates whether the agent worked without redundant, duplicate, speculative or verbose steps.",
  confidence: "Evaluates how decisively, appropriately and consistently the agent acted.",
  plan_adherence:
    "Evaluates whether the agent carried out the steps it had planned, in order and without extras.",
  plan_quality:
    "Evaluates whether the agent's plan was complete, coherent, efficient, concrete and fit for the task.",
  coherence: "Evaluates how close in meaning the agent's answer is to what it was asked.",
};

/** The metrics of whole sessions. */
export const sessionMetrics: Readonly<Record<string, string>> = {
  agent_reliability: "Evaluates worst-case failure risk across a session.",
  agent_consistency: "Evaluates overall stability across a session.",
};

/** Each name once. @throws ProblemError `unknown_metric` */
export function resolveMetrics(type: TargetType, names: readonly string[]): string[] {
  const known = Object.keys(type === "TRACE" ? traceMetrics : sessionMetrics);
  const noun = type === "TRACE" ? "trace" : "session";
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new ProblemError(
      "unknown_metric",
      `${whyNot(type, name)} The ${noun} metrics are ${known.join(", ")}.`,
    );
  }
  return [...new Set(names)];
}

function whyNot(type: TargetType, name: string): string {
  const needsSession = name === "loop_detection" || Object.hasOwn(sessionMetrics, name);
  if (type === "TRACE" && needsSession) {
    return `The metric "${name}" needs a whole session: it runs in session runs, not on a trace by itself.`;
  }
  if (type === "SESSION" && Object.hasOwn(traceMetrics, name)) {
    return `The metric "${name}" is one of single traces: it runs in trace runs.`;
  }
  return `There is no ${type === "TRACE" ? "trace" : "session"} metric ${JSON.stringify(name)}.`;
}
