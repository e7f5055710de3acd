import type { EvalRunPage, EvalRunResponse, EvaluationStatus } from "@pandaprobe/contract";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
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
  return runResponse(await findRun(db, kind, key));
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
  const [{ total }, runs] = await Promise.all([
    matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    matching
      .selectAll()
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(query.limit)
      .offset(query.offset)
      .execute(),
  ]);
  return { items: runs.map(runResponse), total, limit: query.limit, offset: query.offset };
}
