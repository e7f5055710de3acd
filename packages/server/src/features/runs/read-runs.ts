import type { EvalRunPage, EvalRunResponse, EvaluationStatus } from "@pandaprobe/contract";
import type { Database } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import { notFound } from "../problem.ts";
import { runResponse } from "./run-response.ts";

/** A trace run of the project. @throws ProblemError `not_found` for any other id, a session run's too. */
export async function findRun(db: Database, projectId: string, runId: string): Promise<Row<"eval_runs">> {
  const run = await db
    .selectFrom("eval_runs")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("id", "=", runId)
    .where("target_type", "=", "TRACE")
    .executeTakeFirst();
  if (run === undefined) throw notFound("trace run", runId);
  return run;
}

export async function getRun(db: Database, projectId: string, runId: string): Promise<EvalRunResponse> {
  return runResponse(await findRun(db, projectId, runId));
}

/** Newest first. */
export async function listRuns(
  db: Database,
  projectId: string,
  query: { status?: EvaluationStatus | undefined; limit: number; offset: number },
): Promise<EvalRunPage> {
  const matching = db
    .selectFrom("eval_runs")
    .where("project_id", "=", projectId)
    .where("target_type", "=", "TRACE")
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
