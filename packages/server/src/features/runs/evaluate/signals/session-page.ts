import { sql } from "kysely";
import type { Database } from "../../../../db/database.ts";
import type { TargetJob } from "../target-job.ts";

/** A trace of a session, with its output, which later traces are compared with. */
export interface SessionStep {
  readonly trace_id: string;
  readonly started_at: string;
  /** The output as JSON; of a long output only both ends, as a JSON string. */
  readonly output: string;
  /** The names of the signals that this run has stored. */
  readonly stored: string[];
}

/** How much of an output is compared with others. */
const mostBytes = 200_000;

/** The next traces of the session after `last`, in order. */
export async function readSessionPage(
  db: Database,
  { key, target }: TargetJob,
  last: SessionStep | undefined,
  limit: number,
): Promise<SessionStep[]> {
  return db
    .selectFrom("traces")
    .select([
      "trace_id",
      "started_at",
      sql<string>`case when octet_length(output::text) <= ${mostBytes} then output::text
        else to_json(left(output::text, ${mostBytes / 2}) || ' … ' || right(output::text, ${mostBytes / 2}))::text
      end`.as("output"),
      sql<string[]>`array(
        select score.name from trace_scores score
        where score.project_id = traces.project_id and score.eval_run_id = ${key.run_id}
          and score.trace_id = traces.trace_id
      )`.as("stored"),
    ])
    .where("project_id", "=", key.project_id)
    .where("session_id", "=", target.id)
    .$if(last !== undefined, (traces) =>
      traces.where((row) =>
        row(
          row.refTuple("started_at", "trace_id"),
          ">",
          row.tuple(last?.started_at ?? "", last?.trace_id ?? ""),
        ),
      ),
    )
    .orderBy("started_at")
    .orderBy("trace_id")
    .limit(limit)
    .execute();
}
