import type { Regression, ScorePreference } from "@pandaprobe/contract";
import {
  type Pairing,
  type RegressedIds,
  type RegressionIds,
  shownCaseChars,
  shownReasonChars,
} from "@pandaprobe/contract/rules";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { judgesVersion } from "../scores/judges-version.ts";
import { caseOf } from "./side-scores.ts";

interface Described {
  readonly id: string;
  readonly trace_id: string;
  readonly session_id: string | null;
  readonly reason: string | null;
  readonly case: string | null;
}

/** Regressions with the traces and reasons of both sides. Those whose scores were deleted meanwhile are left out. */
export async function describeRegressions(
  db: Database,
  projectId: string,
  regressions: readonly RegressionIds[],
  { pairing, prefer }: { readonly pairing: Pairing | null; readonly prefer: ScorePreference | undefined },
): Promise<ReadonlyMap<RegressionIds, Regression>> {
  const described = new Map<RegressionIds, Regression>();
  if (regressions.length === 0) return described;
  const ids = regressions.flatMap(({ a, b }) => [a.score_id, b.score_id]);
  // Without a preference the values are those of judges, and so must be the reasons.
  const reason =
    prefer === undefined
      ? sql`case when judged.score_id is null then score.reason else judged.reason end`
      : sql`score.reason`;
  const { rows } = await sql<Described>`
    select score.id, trace.trace_id, trace.session_id, left(${reason}, ${sql.lit(shownReasonChars)}) as reason,
      left(trace.shown, ${sql.lit(shownCaseChars)}) as case
    from trace_scores score
    join lateral (
      select trace_id, session_id, ${shownCase(pairing)} as shown from traces
      where traces.project_id = score.project_id and traces.trace_id = score.trace_id
    ) trace on true
    left join lateral (${judgesVersion("trace_scores")}) judged on true
    where score.project_id = ${projectId} and score.id = any(${ids}::uuid[])`.execute(db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const one of regressions) {
    const [a, b] = [byId.get(one.a.score_id), byId.get(one.b.score_id)];
    if (a === undefined || b === undefined) continue;
    described.set(one, {
      case: b.case,
      difference: one.difference,
      a: shownSide(one.a, a),
      b: shownSide(one.b, b),
    });
  }
  return described;
}

function shownSide(ids: RegressedIds, { trace_id, session_id, reason }: Described) {
  return { ...ids, trace_id, session_id, reason };
}

function shownCase(pairing: Pairing | null): RawBuilder<string | null> {
  if (pairing === "trace_id") return sql`trace_id::text`;
  return pairing === null || pairing === "input" ? sql`null::text` : caseOf(pairing.metadataKey);
}
