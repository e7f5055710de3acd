import type { EvalRunResponse, EvaluationStatus } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { type SelectQueryBuilder, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { Row, Schema } from "../../../db/schema.ts";
import { storedBytes } from "../../../db/stored-bytes.ts";
import { inPieces, type PageInPieces } from "../../pieces.ts";
import type { TargetKind } from "../target-kinds/target-kind.ts";
import { allWithUsage, withUsage } from "./run-response.ts";

/** Whether a run is over traces or over sessions. */
export type RunKind = Pick<TargetKind<never>, "type" | "noun">;

/** Finds a run of this kind. @throws ProblemError `not_found`, also for a run of another kind. */
export async function findRun(
  db: Database | DatabaseTransaction,
  kind: RunKind,
  key: RunKey,
): Promise<Row<"eval_runs">> {
  const run = await ofKind(db, kind, key).executeTakeFirst();
  if (run === undefined) throw notFound(`${kind.noun} run`, key.id);
  return run;
}

/** The same, and locks its row, which every change of a run locks first. */
export async function lockRun(
  db: DatabaseTransaction,
  kind: RunKind,
  key: RunKey,
): Promise<Row<"eval_runs">> {
  const run = await ofKind(db, kind, key).forUpdate().executeTakeFirst();
  if (run === undefined) throw notFound(`${kind.noun} run`, key.id);
  return run;
}

function ofKind(db: Database | DatabaseTransaction, kind: RunKind, key: RunKey) {
  return byKey(db, key).where("target_type", "=", kind.type);
}

function byKey(db: Database | DatabaseTransaction, key: RunKey) {
  return db
    .selectFrom("eval_runs")
    .selectAll()
    .where("project_id", "=", key.project_id)
    .where("id", "=", key.id);
}

/** @throws ProblemError `not_found` */
export async function getRunOfAnyKind(db: Database, key: RunKey): Promise<EvalRunResponse> {
  const run = await byKey(db, key).executeTakeFirst();
  if (run === undefined) throw notFound("run", key.id);
  return withUsage(db, run);
}

export async function getRun(db: Database, kind: RunKind, key: RunKey): Promise<EvalRunResponse> {
  return withUsage(db, await findRun(db, kind, key));
}

/** Newest first. */
export async function listRuns(
  db: Database,
  kind: RunKind,
  projectId: string,
  query: { status?: EvaluationStatus | undefined; limit: number; offset: number },
): Promise<PageInPieces<EvalRunResponse>> {
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
): Promise<PageInPieces<EvalRunResponse>> {
  const [{ total }, planned] = await Promise.all([
    matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    matching
      .select(["id", runBytes.as("bytes")])
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .offset(offset)
      .execute(),
  ]);
  return { total, limit, offset, pieces: inPieces(planned, (ids) => runsOf(db, projectId, ids)) };
}

/** The size of the columns that can be large. */
const runBytes = sql<number>`${storedBytes("name")} + ${storedBytes("filters")} + ${storedBytes("metric_versions")} + ${storedBytes("error_message")}`;

async function runsOf(db: Database, projectId: string, ids: string[]): Promise<EvalRunResponse[]> {
  const runs = await db
    .selectFrom("eval_runs")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("id", "in", ids)
    .execute();
  return allWithUsage(db, projectId, runs);
}
