import type { ComputeAgreementRequest, Disagreement } from "@pandaprobe/contract";
import type { DisagreementIds } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { isJudgesLast, judgesVersion, scoreNumber } from "../scores/judges-version.ts";
import { revisionsOf } from "../scores/score-rows.ts";
import { matchesFilters } from "../traces/trace-filters.ts";

/** How many of the newest scores of each side are read. */
const mostScores = 100_000;
/** How many are read at a time. Between two pieces the event loop answers other requests. */
const pieceSize = 2_000;
/** How much of a reason is shown, in characters. */
const mostReason = 500;

interface Piece {
  readonly part: "labels" | "judged";
  readonly piece: string;
}

/** The scores of each kind of target, and the column with the target's id, in traces too. */
const places = {
  TRACE: { table: "trace_scores", id: sql.ref("trace_id") },
  SESSION: { table: "session_scores", id: sql.ref("session_id") },
} as const;

/**
 * The scores of people and judge as pieces of JSON with `LabelColumns` and `JudgedColumns`, to be parsed in a thread.
 * The judge's score of a target is its newest one, uncorrected even if a person has changed it since.
 */
export async function labelledScores(
  db: Database,
  projectId: string,
  { metric, target_type, version, filters, judge }: ComputeAgreementRequest,
  threshold: number,
): Promise<Record<Piece["part"], readonly string[]>> {
  const { table, id } = places[target_type];
  const revisions = sql.table(revisionsOf[table]);
  // One lookup per score, because without statistics a join of all scores with all traces may be planned as a nested
  // loop.
  const target = db
    .selectFrom("traces")
    .select(sql<string>`coalesce(session_id, trace_id::text)`.as("cluster"))
    .where("project_id", "=", projectId)
    .where(sql<SqlBool>`${id} = given.target`)
    .where(matchesFilters(filters ?? {}))
    .limit(1);
  const isJudge = (row: string) => sql`
    ${sql.ref(`${row}.source`)} in ('AUTOMATED', 'PROGRAMMATIC')
    ${judge?.source === undefined ? sql`` : sql`and ${sql.ref(`${row}.source`)} = ${judge.source}`}
    ${judge?.model === undefined ? sql`` : sql`and ${sql.ref(`${row}.metadata`)} ->> 'model' = ${judge.model}`}
    ${version === undefined ? sql`` : sql`and ${sql.ref(`${row}.metadata`)} ->> 'metric_version' = ${String(version)}`}`;
  const isNamed = sql`score.project_id = ${projectId} and score.name = ${metric}`;
  const newest = sql`order by score.created_at desc, score.id desc limit ${sql.lit(mostScores)}`;
  const { rows } = await sql<Piece>`
    with verdict as materialized (
      select distinct on (target) target, cluster, id, applicable, number from (
        (
          select score.${id} as target, score.id, score.created_at, score.applicable, ${scoreNumber("score")} as number
          from ${sql.table(table)} score where ${isNamed} and ${isJudge("score")} ${newest}
        )
        union all
        (
          select score.${id} as target, score.id, score.created_at, coalesce(revision.metadata ->> 'applicable', '') <> 'false',
            ${scoreNumber("revision")}
          from ${sql.table(table)} score
          join ${revisions} revision on revision.project_id = score.project_id and revision.score_id = score.id
          where ${isNamed} and score.source = 'ANNOTATION' and ${isJudgesLast(table)} and ${isJudge("revision")} ${newest}
        )
      ) given cross join lateral (${target}) found
      order by target, created_at desc, id desc
    ),
    label as (
      select distinct on (target, author, selection) target, id, selection, number
      from (
        select score.${id} as target, score.id, score.created_at, coalesce(score.author_user_id, '') as author,
          case when score.applicable then ${scoreNumber("score")} end as number,
          case when exists (
              select from ${revisions} revision
              where revision.project_id = score.project_id and revision.score_id = score.id and revision.source <> 'ANNOTATION'
            ) then 'correction'
            when score.metadata ->> 'selection' = 'targeted' then 'targeted' else 'random' end as selection
        from ${sql.table(table)} score where ${isNamed} and score.source = 'ANNOTATION' ${newest}
      ) given
      order by target, author, selection, created_at desc, id desc
    ),
    labelled as (
      select target, given.selection, given.id, given.number,
        verdict.id as judge_id, verdict.number as judge_number, verdict.applicable as judge_applicable,
        coalesce(verdict.cluster, (${target})) as cluster
      -- For the same reason: a full join is never a nested loop.
      from label given full join verdict using (target)
      where given.id is not null
    )
    select 'labels' as part, json_build_object(
      'targets', json_agg(target), 'clusters', json_agg(cluster), 'selections', json_agg(selection),
      'scoreIds', json_agg(id), 'values', json_agg(number), 'judgeScoreIds', json_agg(judge_id),
      'judgeValues', json_agg(judge_number), 'judgeApplicable', json_agg(judge_applicable))::text as piece
    from (select *, row_number() over () / ${sql.lit(pieceSize)} as place from labelled where cluster is not null) numbered
    group by place
    union all
    select 'judged', json_build_object(
      'clusters', json_agg(cluster), 'passed', json_agg(passed), 'judged', json_agg(judged))::text
    from (
      select cluster, count(*) filter (where number >= ${threshold}) as passed, count(*) as judged,
        row_number() over () / ${sql.lit(pieceSize)} as place
      from verdict where applicable and number is not null group by cluster
    ) sums
    group by place`.execute(db);
  const piecesOf = (part: Piece["part"]) => rows.filter((row) => row.part === part).map(({ piece }) => piece);
  return { labels: piecesOf("labels"), judged: piecesOf("judged") };
}

/** Disagreements with the reasons of both sides. Those whose scores were deleted meanwhile are left out. */
export async function describeDisagreements(
  db: Database,
  projectId: string,
  targetType: ComputeAgreementRequest["target_type"],
  disagreements: readonly DisagreementIds[],
): Promise<Disagreement[]> {
  if (disagreements.length === 0) return [];
  const { table } = places[targetType];
  const ofTraces = targetType === "TRACE";
  const ids = disagreements.flatMap(({ judge, person }) => [judge.scoreId, person.scoreId]);
  const { rows } = await sql<{
    id: string;
    session_id: string | null;
    source: Disagreement["judge"]["source"];
    model: string | null;
    judge_reason: string | null;
    reason: string | null;
    author_user_id: string | null;
  }>`
    select score.id, ${ofTraces ? sql`trace.session_id` : sql`score.session_id`} as session_id,
      coalesce(judged.source, score.source) as source,
      coalesce(judged.metadata, score.metadata) ->> 'model' as model,
      left(case when judged.score_id is null then score.reason else judged.reason end, ${sql.lit(mostReason)}) as judge_reason,
      left(score.reason, ${sql.lit(mostReason)}) as reason, score.author_user_id
    from ${sql.table(table)} score
    ${ofTraces ? sql`join traces trace on trace.project_id = score.project_id and trace.trace_id = score.trace_id` : sql``}
    left join lateral (${judgesVersion(table)}) judged on true
    where score.project_id = ${projectId} and score.id = any(${ids}::uuid[])`.execute(db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return disagreements.flatMap(({ target, selection, judge, person }) => {
    const [judges, persons] = [byId.get(judge.scoreId), byId.get(person.scoreId)];
    if (judges === undefined || persons === undefined) return [];
    const { source, model, judge_reason } = judges;
    return {
      trace_id: ofTraces ? target : null,
      session_id: persons.session_id,
      selection,
      judge: { score_id: judge.scoreId, value: judge.value, reason: judge_reason, source, model },
      person: {
        score_id: person.scoreId,
        value: person.value,
        reason: persons.reason,
        author_user_id: persons.author_user_id,
      },
    };
  });
}
