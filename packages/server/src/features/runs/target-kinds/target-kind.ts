import type { OwnMetric, TargetNames } from "@pandaprobe/contract/rules";
import type { Expression, SelectQueryBuilder, SqlBool } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { Schema } from "../../../db/schema.ts";
import type { NewScore } from "../outcome.ts";

/** The properties of a metric that the run engine needs. */
export interface RunMetric {
  readonly name: string;
  /** The threshold for success, unless the run sets its own. */
  readonly defaultThreshold: number;
  /** Whether it asks the judge questions. */
  readonly asks: boolean;
  /** Whether it needs an embedding model. */
  readonly embeds: boolean;
  /** The judge that it asks unless the run names one. Default: the run's. */
  readonly model?: string | null | undefined;
  /** The definition, if it is the project's own. */
  readonly own?: OwnMetric | undefined;
}

/** How runs over traces and runs over sessions differ, before and after the evaluation. */
export interface TargetKind<Filters> extends TargetNames {
  /**
   * @param own the project's own metric of this name, if there is one.
   * @param ownNames the names of all of them, one of which may be meant if there is none of this name.
   * @throws ProblemError `unknown_metric`
   */
  resolveMetric(name: string, own: OwnMetric | undefined, ownNames?: readonly string[]): RunMetric;
  /** A query for the ids of the matching targets. */
  matching(
    db: Database | DatabaseTransaction,
    projectId: string,
    filters: Filters,
  ): SelectQueryBuilder<Schema, "traces", { target_id: string }>;
  /** Whether a target of {@link matching} has no trace that is still being written. */
  isSettled(quietMs: number): Expression<SqlBool>;
  /** Whether the project has a target with this id. */
  exists(projectId: string, targetId: Expression<string>): Expression<SqlBool>;
  /** How many traces the target with this id has. */
  traceCount(projectId: string, targetId: Expression<string>): Expression<number>;
  /** Whether the run has a successful score for the item of this target and metric. */
  isDone(run: RunKey, targetId: Expression<string>, metric: Expression<string>): Expression<SqlBool>;
  /** Stores scores. Targets that were deleted get none, and an existing score of an item stays. */
  insertScores(db: DatabaseTransaction, scores: readonly NewScore[]): Promise<void>;
}
