import type { Agreement, ComputeAgreementRequest } from "@pandaprobe/contract";
import { defaultThresholdOf } from "@pandaprobe/contract/rules";
import type { Compute } from "../../compute/compute.ts";
import type { Database } from "../../db/database.ts";
import { describeDisagreements, labelledScores } from "./labelled-scores.ts";

/** How far a judge agrees with people. @throws the reason of `signal` */
export async function computeAgreement(
  { db, compute }: { readonly db: Database; readonly compute: Compute },
  projectId: string,
  request: ComputeAgreementRequest,
  signal: AbortSignal,
): Promise<Agreement> {
  const { metric, target_type, threshold = defaultThresholdOf(metric), split = null, seed } = request;
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
