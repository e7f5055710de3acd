import type { EvaluationStatus } from "@pandaprobe/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";

const openStatuses: readonly EvaluationStatus[] = ["PENDING", "RUNNING"];

/** Whether a run has not ended yet. A run that has ended never changes again. */
export function isOpen({ status }: { readonly status: EvaluationStatus }): boolean {
  return openStatuses.includes(status);
}

/**
 * The same in SQL, with literals because the partial index `eval_runs_open` needs them.
 *
 * @param run the alias of `eval_runs` in the query.
 */
export function isOpenRun(run = "eval_runs"): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref(`${run}.status`)} in (${sql.join(openStatuses.map((status) => sql.lit(status)))})`;
}
