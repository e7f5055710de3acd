import type { Expression, SelectQueryBuilder, SqlBool } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { Schema } from "../../../db/schema.ts";
import type { NewScore } from "../outcome.ts";

export type TargetType = "TRACE" | "SESSION";

/** What has to be known of a metric to make a run of it. */
export interface RunMetric {
  readonly name: string;
  /** A score at or above it counts as a success, unless the run says otherwise. */
  readonly defaultThreshold: number;
  /** Whether it has questions for the judge. */
  readonly asks: boolean;
  /** Whether it needs an embedding model. */
  readonly embeds: boolean;
}

/** All that runs over traces and runs over sessions do differently before and after the evaluation. */
export interface TargetKind<Filters> {
  readonly type: TargetType;
  /** What a target is called in messages. */
  readonly noun: "trace" | "session";
  /** Where `filters` of a run over given targets lists them, and the request for it. */
  readonly idsField: "trace_ids" | "session_ids";
  /** @throws ProblemError `unknown_metric` */
  resolveMetric(name: string): RunMetric;
  /** The ids of the targets that match. */
  matching(
    db: Database | DatabaseTransaction,
    projectId: string,
    filters: Filters,
  ): SelectQueryBuilder<Schema, "traces", { target_id: string }>;
  /** Whether the project has the target of this id. */
  exists(projectId: string, targetId: Expression<string>): Expression<SqlBool>;
  /** How many traces the target of this id has. */
  traceCount(projectId: string, targetId: Expression<string>): Expression<number>;
  /** Whether a run has nothing left to do for a pair of this target and metric. */
  isDone(run: RunKey, targetId: Expression<string>, metric: Expression<string>): Expression<SqlBool>;
  /** A target that was deleted meanwhile gets no score, and a pair that has one keeps it. */
  insertScores(db: DatabaseTransaction, scores: readonly NewScore[]): Promise<void>;
}
