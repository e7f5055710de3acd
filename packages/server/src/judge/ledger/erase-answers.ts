import { type RawBuilder, sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";

/**
 * Erases data of models and providers about traces that are about to be deleted: answers, embeddings, and the errors of
 * calls and of runs that failed because of them. Answers that another trace shares stay, and so do the costs of calls.
 * The first deletion in a project also erases what an older server stored without a link to traces.
 *
 * @param traceIds traces whose rows are locked, so that no new questions about them are added.
 */
export async function eraseAnswers(
  db: DatabaseTransaction,
  projectId: string,
  traceIds: readonly string[],
): Promise<void> {
  const asked = sql`
    select question.key from judge_questions question
    where question.project_id = ${projectId} and question.trace_id = any (${traceIds}::uuid[])`;
  // A call that is ending stores its answer before this lock, or waits for it and then stores nothing.
  await sql`${asked} order by question.key, question.trace_id for update`.execute(db);
  // Each statement sees what was committed before its locks: of two deletions that share an answer, the later one
  // erases it.
  await sql`
    select from judge_answers where project_id = ${projectId} and key in (${asked}) order by key for update`.execute(
    db,
  );
  await sql`
    with erased as (
      delete from judge_answers answer
      where answer.project_id = ${projectId} and answer.key in (${asked})
        and not exists (
          select from judge_questions other
          where other.project_id = ${projectId} and other.key = answer.key
            and other.trace_id <> all (${traceIds}::uuid[]))
    ), unlinked as (
      delete from judge_answers where (project_id, key) in (
        select project_id, key from judge_answers
        where project_id = ${projectId} and not is_linked
        order by key
        for update)
    ), cleared as (
      -- Key by key: an array index takes quadratic time to look up many keys at once.
      update judge_calls call set error = null
      from (select distinct key from (${asked}) as question) as asked
      where call.project_id = ${projectId} and call.error is not null and call.is_linked
        and call.keys @> array[asked.key]
      returning call.run_id
    ), cleared_unlinked as (
      update judge_calls set error = null
      where project_id = ${projectId} and error is not null and not is_linked
      returning run_id
    )
    update eval_runs set error_message = ${withoutQuotes(sql`error_message`)}
    where project_id = ${projectId} and error_message like '%“%'
      and id in (select run_id from cleared union select run_id from cleared_unlinked)`.execute(db);
}

/** A message without the provider's quoted text, which may contain parts of a trace. */
export function withoutQuotes(message: RawBuilder<unknown>): RawBuilder<string> {
  return sql`regexp_replace(${message}, '“.*”', '“…”')`;
}
