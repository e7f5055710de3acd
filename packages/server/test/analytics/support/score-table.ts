import type { ScoreSource } from "@pandaprobe/contract";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../../src/db/database.ts";
import type { ScoreTarget } from "../../../src/features/analytics/score-source.ts";

export interface ScoreFields {
  readonly name: string;
  readonly data_type: "NUMERIC" | "BOOLEAN" | "CATEGORICAL";
  readonly status: "SUCCESS" | "FAILED" | "PENDING";
  readonly value: string | null;
  readonly created_at: string;
  /** Of the trace or session. */
  readonly targetId: string;
  readonly runId: string | null;
  /** Default: PROGRAMMATIC. */
  readonly source?: ScoreSource | undefined;
  /** Default: empty. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Creates an empty project. @returns its id. */
export async function createProject(db: Database): Promise<string> {
  const organization = { id: uuidv7(), name: `organization ${uuidv7()}` };
  await db.insertInto("organizations").values(organization).execute();
  const project = { organization_id: organization.id, id: uuidv7(), name: "analytics" };
  await db.insertInto("projects").values(project).execute();
  return project.id;
}

export async function createTraces(db: Database, projectId: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  await sql`
    insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags)
    select ${projectId}, id, 'a trace', 'COMPLETED', 'null', 'null', '{}', now(), '{}' from unnest(${ids}::uuid[]) id
  `.execute(db);
  return ids;
}

/** Creates ended runs, by one of two judges each. */
export async function createRuns(
  db: Database,
  { type }: ScoreTarget,
  projectId: string,
  count: number,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  await sql`
    insert into eval_runs (project_id, id, target_type, status, metric_names, filters, sampling_rate, thresholds, total_targets, model)
    select ${projectId}, id, ${type}, 'COMPLETED', '{}', '{}', 1, '{}', 0, 'openai/judge-' || number % 2
    from unnest(${ids}::uuid[]) with ordinality as run(id, number)
  `.execute(db);
  return ids;
}

/** Stores scores with one statement, except those that a run already has. */
export async function insertScores(
  db: Database,
  target: ScoreTarget,
  projectId: string,
  scores: readonly ScoreFields[],
): Promise<void> {
  const column = sql.ref(target.type === "TRACE" ? "trace_id" : "session_id");
  const rows = scores.map(({ targetId, runId, source = "PROGRAMMATIC", metadata = {}, ...score }) => ({
    ...score,
    source,
    metadata,
    id: uuidv7(),
    target_id: targetId,
    run_id: runId,
    number: score.data_type === "NUMERIC" && score.value !== null ? Number(score.value) : null,
  }));
  await sql`
    insert into ${sql.table(target.table)}
      (project_id, id, ${column}, name, data_type, value, numeric_value, source, status, eval_run_id, metadata, created_at)
    select ${projectId}, id, target_id${target.type === "TRACE" ? sql`::uuid` : sql``}, name, data_type, value, number,
      source, status, run_id, metadata, created_at
    from json_to_recordset(${JSON.stringify(rows)}) as score(
      id uuid, target_id text, name text, data_type text, value text, number float8, source text, status text, run_id uuid,
      metadata json, created_at timestamptz)
    on conflict do nothing`.execute(db);
}
