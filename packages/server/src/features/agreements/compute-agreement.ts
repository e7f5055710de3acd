import type { Agreement, ComputeAgreementRequest } from "@pandaprobe/contract";
import { defaultThresholdOf, metricKindOf, unknownScoreName } from "@pandaprobe/contract/rules";
import type { Compute } from "../../compute/compute.ts";
import type { Database } from "../../db/database.ts";
import { ownMetricNames } from "../metrics/own-metrics.ts";
import { describeDisagreements, labelledScores } from "./labelled-scores.ts";

/**
 * How far a judge agrees with people.
 *
 * @throws ProblemError `unknown_metric`; the reason of `signal`
 */
export async function computeAgreement(
  { db, compute }: { readonly db: Database; readonly compute: Compute },
  projectId: string,
  request: ComputeAgreementRequest,
  signal: AbortSignal,
): Promise<Agreement> {
  const { metric, target_type, threshold = defaultThresholdOf(metric), split = null, seed } = request;
  await checkName(db, projectId, metric);
  const scores = await labelledScores(db, projectId, request, threshold);
  const options = { target_type, threshold, split, seed };
  const agreement = await compute.agreement(projectId, { scores, ...options }, signal);
  return {
    metric,
    threshold,
    ...agreement,
    disagreements: await describeDisagreements(db, projectId, target_type, agreement.disagreements),
  };
}

/** A misspelt name would look like a metric without scores. @throws ProblemError `unknown_metric` */
async function checkName(db: Database, projectId: string, name: string): Promise<void> {
  if (metricKindOf(name) !== undefined) return;
  for (const table of ["trace_scores", "session_scores"] as const) {
    const score = await db
      .selectFrom(table)
      .select("id")
      .where("project_id", "=", projectId)
      .where("name", "=", name)
      .limit(1)
      .executeTakeFirst();
    if (score !== undefined) return;
  }
  const ownNames = await ownMetricNames(db, projectId);
  if (!ownNames.includes(name)) throw unknownScoreName("score", name, ownNames);
}
