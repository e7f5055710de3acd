import { z } from "zod";
import { canonicalNumbers, lenient } from "./common/lenient.ts";
import { limits } from "./common/limits.ts";
import { firstCharacters } from "./common/text.ts";

/** The trace metrics whose scores the session metrics are made of. */
export const signalNames = ["confidence", "loop_detection", "tool_correctness", "coherence"] as const;

/** The weight of each signal in the score of a session. Invalid weights have a 400 of their own. */
export const SignalWeights = lenient(
  canonicalNumbers,
  z
    .custom<{ [Name in (typeof signalNames)[number]]?: number | undefined }>()
    .superRefine((value, context) => {
      for (const { path, message } of problems(value)) {
        context.addIssue({ code: "custom", path, message, params: { code: "invalid_signal_weights" } });
      }
    }),
)
  .meta({
    id: "SignalWeights",
    type: "object",
    properties: Object.fromEntries(signalNames.map((signal) => [signal, { type: "number", minimum: 0 }])),
    additionalProperties: false,
  })
  .describe(
    "The weight of each signal: finite numbers from 0. Default: 1 for `confidence`, `loop_detection` and `coherence`, 0.8 for `tool_correctness`.",
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

/** JSON allows numbers beyond those of JavaScript: 1e400 is read as Infinity. */
function isWeight(weight: unknown): boolean {
  return typeof weight === "number" && Number.isFinite(weight) && weight >= 0;
}
