import type { TraceScoreResponse } from "@pandaprobe/contract";
import type { AnyScore, StoredScore } from "../state/project.ts";

/** The fields of a score or of an earlier version of it. */
export type ScoreVersion = Pick<TraceScoreResponse, "value" | "status" | "source" | "reason" | "metadata">;

/** The score as a judge gave it, even if a person has changed it since. */
export function judgesVersion({ score, revisions }: StoredScore<AnyScore>): ScoreVersion | undefined {
  return score.source === "ANNOTATION" ? revisions.findLast(({ source }) => source !== "ANNOTATION") : score;
}

/** The value as a number from 0 to 1; `null` for a category and a failed score. */
export function scoreNumber(
  { data_type: type }: Pick<AnyScore, "data_type">,
  { status, value }: Pick<ScoreVersion, "status" | "value">,
): number | null {
  if (status !== "SUCCESS" || value === null || type === "CATEGORICAL") return null;
  return type === "NUMERIC" ? Number(value) : Number(value === "true");
}
