import { type RawBuilder, sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";

/** A table with versions of session scores: the current ones, or those before a change. */
interface Versions {
  readonly table: string;
  /** The column with the score's id. */
  readonly score: string;
}

const current: Versions = { table: "session_scores", score: "id" };
const earlier: Versions = { table: "session_score_revisions", score: "score_id" };

const erasedReason = "A trace of the session was deleted, and the reason with it.";

/**
 * Erases from session scores what a judge may have quoted from these traces: why their signals failed, and its answers
 * for a project's own metric. People's texts stay until the session or the score is deleted.
 *
 * @param sessionIds default: the sessions of the traces.
 */
export async function eraseSessionQuotes(
  db: DatabaseTransaction,
  projectId: string,
  traceIds: readonly string[],
  sessionIds?: readonly string[],
): Promise<void> {
  const isOfSession = sessionIds
    ? sql`session_id = any (${sessionIds}::text[])`
    : sql`session_id in (
        select session_id from traces
        where project_id = ${projectId} and trace_id = any (${traceIds}::uuid[]) and session_id is not null)`;
  const scores = sql`(select id from session_scores where project_id = ${projectId} and ${isOfSession})`;
  // People's versions first, because a judge's text in them is found by comparing the two.
  for (const versions of [earlier, current]) {
    await eraseKeptWords(db, projectId, versions, scores);
  }
  for (const versions of [earlier, current]) {
    await eraseFailedSignals(db, projectId, versions, scores, traceIds);
    await eraseOwnMetrics(db, projectId, versions, scores);
  }
}

/** The judge's text in people's versions of a score. */
async function eraseKeptWords(
  db: DatabaseTransaction,
  projectId: string,
  { table, score }: Versions,
  scores: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    update ${sql.table(table)} version set
      reason = case when version.reason = judged.reason then ${erasedReason} else version.reason end,
      metadata = (version.metadata::jsonb - '{failed_signals,answers,votes,repeats}'::text[])::json
    from session_score_revisions judged
    where version.project_id = ${projectId} and version.source = 'ANNOTATION'
      and ${sql.ref(`version.${score}`)} in ${scores}
      and judged.project_id = ${projectId} and judged.score_id = ${sql.ref(`version.${score}`)}
      and judged.source = 'AUTOMATED'
      and (judged.status = 'FAILED' or judged.metadata -> 'failed_signals' is not null
        or judged.metadata ->> 'metric_version' is not null)`.execute(db);
}

async function eraseFailedSignals(
  db: DatabaseTransaction,
  projectId: string,
  { table, score }: Versions,
  scores: RawBuilder<unknown>,
  traceIds: readonly string[],
): Promise<void> {
  await sql`
    update ${sql.table(table)} set
      reason = case when status = 'FAILED'
        then regexp_replace(reason, ' because: .*', ' because: … (a trace of the session was deleted)')
        else reason end,
      metadata = case when metadata -> 'failed_signals' is null then metadata
        else jsonb_set(metadata::jsonb, '{failed_signals}', (
          select jsonb_agg(case when failed ->> 'trace_id' = any (${traceIds}::text[])
            then failed || '{"reason": "The trace was deleted."}' else failed end)
          from jsonb_array_elements(metadata::jsonb -> 'failed_signals') as failed))::json end
    where project_id = ${projectId} and source = 'AUTOMATED'
      and (status = 'FAILED' or metadata -> 'failed_signals' is not null)
      and ${sql.ref(score)} in ${scores}`.execute(db);
}

/** A judge's answers about a conversation, for a project's own metric, may quote each of its traces. */
async function eraseOwnMetrics(
  db: DatabaseTransaction,
  projectId: string,
  { table, score }: Versions,
  scores: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    update ${sql.table(table)} set reason = ${erasedReason},
      metadata = (metadata::jsonb - '{answers,votes,repeats}'::text[])::json
    where project_id = ${projectId} and source = 'AUTOMATED' and metadata ->> 'metric_version' is not null
      and ${sql.ref(score)} in ${scores}`.execute(db);
}
