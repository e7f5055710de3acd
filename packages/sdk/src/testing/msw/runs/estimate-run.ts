import type { RunEstimate } from "@pandaprobe/contract";
import { plannedRun, type RunOptions, type RunScope } from "./create-run.ts";
import type { TargetKind } from "./target-kind.ts";

/** What a run of the double would come to: its targets, and nothing else, for it asks no model. */
export function estimateRun<Filters extends object>(
  kind: TargetKind<Filters>,
  { project, world }: RunScope,
  body: RunOptions & { readonly filters?: Filters | undefined; readonly sampling_rate: number },
  everything: Filters,
): RunEstimate {
  const { targets } = plannedRun(kind, { project, world }, body, everything);
  const none = { low: 0, high: 0 };
  return {
    targets: targets.length,
    calls: 0,
    cached_calls: 0,
    input_tokens: none,
    output_tokens: none,
    cost_usd: none,
  };
}
