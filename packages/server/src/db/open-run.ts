import { openStatuses } from "@pandaprobe/contract/rules";
import { type RawBuilder, type SqlBool, sql } from "kysely";

/**
 * Whether a run has not ended yet, in SQL, with literals because the partial index `eval_runs_open` needs them.
 *
 * @param run the alias of `eval_runs` in the query.
 */
export function isOpenRun(run = "eval_runs"): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref(`${run}.status`)} in (${sql.join(openStatuses.map((status) => sql.lit(status)))})`;
}
