import type { Verdict } from "./verdict.ts";

/** The report for programs, with the API's names, and the run and its scores as the server sent them. */
export function jsonReport({ passed, run, checks, metrics, byPeople, comparison, scores }: Verdict): string {
  const report = {
    passed,
    run,
    checks,
    metrics: metrics.map(({ metric, mean, passRate, judged, failed, notApplicable }) => ({
      metric,
      mean,
      pass_rate: passRate,
      judged,
      failed,
      not_applicable: notApplicable,
    })),
    by_people: byPeople,
    comparison,
    scores,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
