import type { EvalRunResponse, EvaluationStatus } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import { type SelectQueryBuilder, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { Row, Schema } from "../../../db/schema.ts";
import { storedBytes } from "../../../db/stored-bytes.ts";
import { noUsage, readUsage } from "../../../judge/ledger/usage.ts";
import { inPieces, type PageInPieces } from "../../pieces.ts";
import type { TargetKind } from "../target-kinds/target-kind.ts";
import { readWaits } from "./read-waits.ts";
import { runResponse } from "./run-response.ts";

/** What tells the runs of one kind of target from the others. */
export type RunKind = Pick<TargetKind<never>, "type" | "noun">;

/** A run of this kind. @throws ProblemError `not_found` for any other id, that of a run of another kind too. */
export async function findRun(
  db: Database | DatabaseTransaction,
  kind: RunKind,
  key: RunKey,
): Promise<Row<"eval_runs">> {
  const run = await ofKind(db, kind, key).executeTakeFirst();
  if (run === undefined) throw notFound(`${kind.noun} run`, key.id);
  return run;
}

/** The same, locked: whoever records scores of this run, feeds, cancels or deletes it waits, and finds what became of it. */
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

/** The run as it is answered. What it has used is read after it: of a run that has ended, everything is counted then. */
export async function withUsage(
  db: Database | DatabaseTransaction,
  run: Row<"eval_runs">,
): Promise<EvalRunResponse> {
  const usage = await readUsage(db, run.project_id, [run.id]);
  const waits = await readWaits(db, [run]);
  return runResponse(run, usage.get(run.id) ?? noUsage, waits.get(run.id) ?? null);
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

/** What may be large of a run. */
const runBytes = sql<number>`${storedBytes("name")} + ${storedBytes("filters")} + ${storedBytes("error_message")}`;

async function runsOf(db: Database, projectId: string, ids: string[]): Promise<EvalRunResponse[]> {
  const runs = await db
    .selectFrom("eval_runs")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("id", "in", ids)
    .execute();
  const usage = await readUsage(db, projectId, ids);
  const waits = await readWaits(db, runs);
  return runs.map((run) => runResponse(run, usage.get(run.id) ?? noUsage, waits.get(run.id) ?? null));
}
