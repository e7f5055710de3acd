import { pagePath } from "../data/url-state.ts";

/** The path of the form for a new review queue, with its source and metrics filled in. */
export function newQueuePath(metrics: readonly string[], type: string, runId?: string): string {
  const from = runId === undefined ? {} : { run: runId };
  return pagePath(["review"], { new: "1", type, metrics: metrics.join(), ...from });
}
