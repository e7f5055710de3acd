import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { RunKey } from "../../db/run-key.ts";
import type { Answer, AnswerKey } from "./ledger.ts";

/** The keys under which the answers to one call are stored. */
export interface WantedAnswers {
  readonly project_id: string;
  readonly run_id: string;
  readonly keys: readonly AnswerKey[];
}

export type StoredAnswers = ReadonlyMap<AnswerKey, Answer>;

/** Reads the answers that the project has, and counts for the run the calls that they save. */
export async function findAnswers(
  processId: string,
  db: Database,
  run: RunKey,
  wanted: readonly WantedAnswers[],
): Promise<StoredAnswers> {
  const asked = wanted.flatMap(({ keys }, n) => keys.map((key) => ({ n, key })));
  const { rows } = await sql<{ key: string; answer: string | null; vector: Buffer | null }>`
    with asked as (
      select n, decode(key, 'hex') as key from json_to_recordset(${JSON.stringify(asked)}) as asked(n integer, key text)
    ), known as (
      select key, answer, vector from judge_answers
      where project_id = ${run.project_id} and key = any (array(select key from asked))
    ), counted as (
      insert into eval_run_usage as used (project_id, run_id, process_id, cached_calls)
      select project_id, id, ${processId}, (select count(distinct n) from asked join known using (key)) from eval_runs
      where project_id = ${run.project_id} and id = ${run.id} and exists (select from known)
      on conflict (project_id, run_id, process_id)
        do update set cached_calls = used.cached_calls + excluded.cached_calls
    )
    select encode(key, 'hex') as key, answer, vector from known`.execute(db);
  const stored = new Map<AnswerKey, Answer>();
  for (const { key, answer, vector } of rows) {
    const value = vector === null ? answer : toFloats(vector);
    if (value !== null) stored.set(key, value);
  }
  return stored;
}

/** Vectors are stored as 32-bit floats, little-endian on every machine: several may share the database. */
export function toBytes(vector: readonly number[]): Buffer {
  const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * Float32Array.BYTES_PER_ELEMENT);
  return bytes;
}

function toFloats(bytes: Buffer): number[] {
  const length = bytes.length / Float32Array.BYTES_PER_ELEMENT;
  return Array.from({ length }, (_, i) => bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT));
}
