import { pagePath } from "../data/url-state.ts";

/** Leads to the form of a review queue, with what it is drawn from and what people score. */
export function newQueuePath(metrics: readonly string[], type: string, runId?: string): string {
  const from = runId === undefined ? {} : { run: runId };
  return pagePath(["review"], { new: "1", type, metrics: metrics.join(), ...from });
}
