import type { EvaluationStatus } from "@pandaprobe/contract";

/** Whether a run is over: then nothing about it changes any more. */
export function hasEnded({ status }: { readonly status: EvaluationStatus }): boolean {
  return status === "COMPLETED" || status === "FAILED";
}
