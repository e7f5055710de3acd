import { z } from "zod";
import { limits } from "./common/limits.ts";
import { firstCharacters } from "./common/text.ts";

/** The trace metrics whose scores the session metrics are made of. */
export const signalNames = ["confidence", "loop_detection", "tool_correctness", "coherence"] as const;

/** How much the risk of each signal weighs in the score of a session. What is wrong with it is a 400 of its own. */
export const SignalWeights = z
  .custom<{ [Name in (typeof signalNames)[number]]?: number | undefined }>()
  .superRefine((value, context) => {
    for (const { path, message } of problems(value)) {
      context.addIssue({ code: "custom", path, message, params: { code: "invalid_signal_weights" } });
    }
  })
  .meta({
    id: "SignalWeights",
    type: "object",
    properties: Object.fromEntries(signalNames.map((signal) => [signal, { type: "number", minimum: 0 }])),
    additionalProperties: false,
  })
  .describe(
    "How much the risk of each signal weighs, as finite numbers from 0: `confidence`, `loop_detection` and `coherence` weigh 1 unless given here, `tool_correctness` 0.8.",
  );

export type SignalWeights = z.infer<typeof SignalWeights>;

function problems(value: unknown): { path: string[]; message: string }[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [{ path: [], message: `must be an object of weights by signal: ${signalNames.join(", ")}` }];
  }
  const found: { path: string[]; message: string }[] = [];
  for (const [signal, weight] of Object.entries(value)) {
    if (found.length === limits.issues) break;
    if (!isSignal(signal)) {
      const message = `is not a signal; the signals are ${signalNames.join(", ")}`;
      found.push({ path: [firstCharacters(signal, limits.label)], message });
    } else if (!isWeight(weight)) {
      found.push({ path: [signal], message: "must be a finite number of at least 0" });
    }
  }
  return found;
}

function isSignal(name: string): boolean {
  return signalNames.some((signal) => signal === name);
}

/** JSON may spell numbers that are none in JavaScript: 1e400 is read as Infinity. */
function isWeight(weight: unknown): boolean {
  return typeof weight === "number" && Number.isFinite(weight) && weight >= 0;
}
