import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { RunKey } from "../../db/run-key.ts";
import type { Answer, AnswerKey } from "./ledger.ts";

/** The answers that one call needs. */
export interface WantedAnswers {
  readonly project_id: string;
  readonly run_id: string;
  /** The keys that the answers are stored under. */
  readonly keys: readonly AnswerKey[];
  /** The traces that each question is about. */
  readonly about: readonly { readonly key: AnswerKey; readonly trace_id: string }[];
}

/** How precisely it is recorded when a question was last asked, so that not every repetition has to write. */
export const askedAtPrecision = sql`interval '1 day'`;

export type StoredAnswers = ReadonlyMap<AnswerKey, Answer>;

/**
 * Reads the project's answers, and adds the calls that they save to the usage of the run. Also records which traces the
 * questions are about, unless the traces were deleted.
 */
export async function findAnswers(
  processId: string,
  db: Database,
  run: RunKey,
  wanted: readonly WantedAnswers[],
): Promise<StoredAnswers> {
  const asked = wanted.flatMap(({ keys }, n) => keys.map((key) => ({ n, key })));
  const about = wanted.flatMap((item) => item.about);
  const { rows } = await sql<{ key: string; answer: string | null; vector: Buffer | null }>`
    with asked as (
      select n, decode(key, 'hex') as key from json_to_recordset(${JSON.stringify(asked)}) as asked(n integer, key text)
    ), linked as (
      insert into judge_questions as question (project_id, trace_id, key)
      select trace.project_id, trace.trace_id, about.key
      from (
        select distinct trace_id, decode(key, 'hex') as key
        from json_to_recordset(${JSON.stringify(about)}) as about(key text, trace_id uuid)
      ) as about
      join traces trace on trace.project_id = ${run.project_id} and trace.trace_id = about.trace_id
      -- In the order in which deletions lock traces. Waits for a trace that is being deleted, and then leaves it out.
      order by trace.trace_id, about.key
      for key share of trace
      on conflict (project_id, trace_id, key) do update set asked_at = excluded.asked_at
        where question.asked_at < now() - ${askedAtPrecision}
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

/** Vectors are stored as 32-bit floats, little-endian, because different machines may share the database. */
export function toBytes(vector: readonly number[]): Buffer {
  const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * Float32Array.BYTES_PER_ELEMENT);
  return bytes;
}

function toFloats(bytes: Buffer): number[] {
  const length = bytes.length / Float32Array.BYTES_PER_ELEMENT;
  return Array.from({ length }, (_, i) => bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT));
}
