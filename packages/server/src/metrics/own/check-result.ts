import type { MetricDefinition } from "@pandaprobe/contract";
import type { MetricResult } from "@pandaprobe/contract/rules";
import type { JudgedDefinition } from "../stage.ts";
import type { Trace } from "../trace.ts";

/** A definition that only reads the trace. */
export type CheckDefinition = Exclude<MetricDefinition, JudgedDefinition>;

export type Check<Kind extends CheckDefinition["kind"]> = (
  definition: Extract<CheckDefinition, { readonly kind: Kind }>,
  trace: Trace,
) => MetricResult;

/** The score of a check: 1 or 0. */
export function checked(
  isRight: boolean,
  reason: string,
  metadata: MetricResult["metadata"] = {},
): MetricResult {
  return { score: isRight ? 1 : 0, reason, metadata };
}

/** The result of a metric that had nothing to judge. @param why a code such as `no_reference`. */
export function notApplicable(why: string, reason: string): MetricResult {
  return { score: 1, reason: `Not applicable: ${reason}`, metadata: {}, notApplicable: why };
}

export function withoutReference(path: string): MetricResult {
  return notApplicable("no_reference", `the trace's metadata has nothing at ${JSON.stringify(path)}.`);
}
