import { type Kysely, sql } from "kysely";

/**
 * Lets analytics filter and group trace scores without reading the table, whose rows are wide: the index by name has what
 * tells scores apart. Building it locks writers of scores, for a second or two per million scores.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    drop index trace_scores_by_name;
    create index trace_scores_by_name on trace_scores (project_id, name, created_at desc)
      include (data_type, status, value, applicable, passed, trace_id, source, eval_run_id);
  `.execute(db);
}
