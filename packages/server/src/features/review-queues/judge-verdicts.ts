import { type JudgeOfReview, limits, type ReviewVerdict } from "@pandaprobe/contract";
import { reviewVerdicts } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import { judgesVersion } from "../scores/judges-version.ts";
import { type ReviewQueue, scorePlaces } from "./queue-rows.ts";

/** The trace or session of an item. */
export interface ReviewTarget {
  readonly trace_id: string | null;
  readonly session_id: string | null;
}

/**
 * The judges' verdicts on a target: the newest score of each of the queue's metrics, uncorrected even if a person has
 * changed it since.
 *
 * @param given the reviewer's scores.
 */
export async function judgeVerdicts(
  db: DatabaseTransaction,
  { project_id, target_type, metrics }: ReviewQueue,
  target: ReviewTarget,
  given: Parameters<typeof reviewVerdicts>[2],
): Promise<ReviewVerdict[]> {
  const { table, id } = scorePlaces[target_type];
  const names = metrics.map(({ name }) => name);
  const { rows } = await sql<JudgeOfReview & { name: string }>`
    select distinct on (score.name) score.name, score.id as score_id, score.data_type,
      case when judged.score_id is null then score.value else judged.value end as value,
      coalesce(judged.status, score.status) as status,
      case when judged.score_id is null then score.applicable
        else coalesce(judged.metadata ->> 'applicable', '') <> 'false' end as applicable,
      left(case when judged.score_id is null then score.reason else judged.reason end, ${sql.lit(limits.reviewQueue.judgeReason)}) as reason,
      coalesce(judged.source, score.source) as source,
      coalesce(judged.metadata, score.metadata) ->> 'model' as model
    from ${sql.table(table)} score
    left join lateral (${judgesVersion(table)}) judged on score.source = 'ANNOTATION'
    where score.project_id = ${project_id} and score.${sql.ref(id)} = ${target[id]} and score.name = any(${names}::text[])
      and (score.source <> 'ANNOTATION' or judged.score_id is not null)
    order by score.name, score.created_at desc, score.id desc`.execute(db);
  const judges = new Map(rows.map(({ name, ...judge }) => [name, judge]));
  return reviewVerdicts(metrics, judges, given);
}
