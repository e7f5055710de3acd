import type { EvalRunPage, EvalRunResponse, EvaluationStatus } from "@pandaprobe/contract";
import type { SelectQueryBuilder } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { Row, Schema } from "../../db/schema.ts";
import { noUsage, readUsage } from "../ledger/read-usage.ts";
import { notFound } from "../problem.ts";
import type { RunKey } from "./run-key.ts";
import { runResponse } from "./run-response.ts";
import type { TargetKind } from "./target-kinds/target-kind.ts";

/** What tells the runs of one kind of target from the others. */
type RunKind = Pick<TargetKind<never>, "type" | "noun">;

/** A run of this kind. @throws ProblemError `not_found` for any other id, that of a run of another kind too. */
export async function findRun(
  db: Database | DatabaseTransaction,
  kind: RunKind,
  { project_id: projectId, id: runId }: RunKey,
): Promise<Row<"eval_runs">> {
  const run = await db
    .selectFrom("eval_runs")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("id", "=", runId)
    .where("target_type", "=", kind.type)
    .executeTakeFirst();
  if (run === undefined) throw notFound(`${kind.noun} run`, runId);
  return run;
}

export async function getRun(db: Database, kind: RunKind, key: RunKey): Promise<EvalRunResponse> {
  const run = await findRun(db, kind, key);
  // Afterwards: of a run that has ended, everything is counted then.
  const usage = await readUsage(db, key.project_id, [key.id]);
  return runResponse(run, usage.get(run.id) ?? noUsage);
}

/** Newest first. */
export async function listRuns(
  db: Database,
  kind: RunKind,
  projectId: string,
  query: { status?: EvaluationStatus | undefined; limit: number; offset: number },
): Promise<EvalRunPage> {
  const matching = db
    .selectFrom("eval_runs")
    .where("project_id", "=", projectId)
    .where("target_type", "=", kind.type)
    .$if(query.status !== undefined, (runs) => runs.where("status", "=", query.status ?? "PENDING"));
  return runPage(db, projectId, matching, query);
}

/** A page of runs of the project, newest first. */
export async function runPage(
  db: Database,
  projectId: string,
  matching: SelectQueryBuilder<Schema, "eval_runs", object>,
  { limit, offset }: { limit: number; offset: number },
): Promise<EvalRunPage> {
  const [{ total }, runs] = await Promise.all([
    matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    matching
      .selectAll()
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .offset(offset)
      .execute(),
  ]);
  const usage = await readUsage(
    db,
    projectId,
    runs.map(({ id }) => id),
  );
  const items = runs.map((run) => runResponse(run, usage.get(run.id) ?? noUsage));
  return { items, total, limit, offset };
}
