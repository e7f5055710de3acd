import type { CompareScoresRequest, ComparisonResponse } from "@pandaprobe/contract";
import {
  checkComparedRun,
  pairingOf,
  traceTargets,
  unknownScoreName,
  withVerdicts,
} from "@pandaprobe/contract/rules";
import type { Compute } from "../../compute/compute.ts";
import type { Database } from "../../db/database.ts";
import { ownMetricNames } from "../metrics/own-metrics.ts";
import { findRun } from "../runs/read/read-runs.ts";
import { describeRegressions } from "./describe-regressions.ts";
import { comparedScores } from "./side-scores.ts";

/** Whether scores got worse. @throws ProblemError for runs and metrics that cannot be compared; the reason of `signal` */
export async function compareScores(
  { db, compute }: { readonly db: Database; readonly compute: Compute },
  projectId: string,
  request: CompareScoresRequest,
  signal: AbortSignal,
): Promise<ComparisonResponse> {
  const { metrics, prefer, seed } = request;
  await checkSides(db, projectId, request);
  const pairing = pairingOf(request.pair_by);
  const comparisons = [];
  // One after the other, so that the scores of only one metric are in memory.
  for (const metric of metrics) {
    const scores = await comparedScores(db, projectId, request, metric, pairing);
    const task = { scores, isPaired: pairing !== null, seed };
    comparisons.push({ metric, ...(await compute.comparison(projectId, task, signal)) });
  }
  const compared = withVerdicts(comparisons);
  return {
    ...compared,
    metrics: await withRegressions(db, projectId, compared.metrics, { pairing, prefer }),
  };
}

async function checkSides(
  db: Database,
  projectId: string,
  { a, b, metrics }: Pick<CompareScoresRequest, "a" | "b" | "metrics">,
): Promise<void> {
  for (const { run_id: id } of [a, b]) {
    if (id === undefined) continue;
    checkComparedRun(await findRun(db, traceTargets, { project_id: projectId, id }), metrics);
  }
  for (const metric of metrics) {
    const score = await db
      .selectFrom("trace_scores")
      .select("id")
      .where("project_id", "=", projectId)
      .where("name", "=", metric)
      .limit(1)
      .executeTakeFirst();
    if (score === undefined && (a.filters !== undefined || b.filters !== undefined))
      throw unknownScoreName("trace score", metric, await ownMetricNames(db, projectId));
  }
}

type Compared = ReturnType<typeof withVerdicts>["metrics"];

async function withRegressions(
  db: Database,
  projectId: string,
  metrics: Compared,
  options: Parameters<typeof describeRegressions>[3],
) {
  const regressions = metrics.flatMap((metric) => metric.regressions);
  const described = await describeRegressions(db, projectId, regressions, options);
  return metrics.map((metric) => ({
    ...metric,
    regressions: metric.regressions.flatMap((one) => described.get(one) ?? []),
  }));
}
