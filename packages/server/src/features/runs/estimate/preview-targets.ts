import { sql } from "kysely";
import type { Database } from "../../../db/database.ts";
import { sampleSize } from "../create/add-targets.ts";
import type { TargetKind } from "../target-kinds/target-kind.ts";

/** The targets that a run would have. */
export interface TargetPreview {
  readonly matching: number;
  readonly sampled: number;
  /** How many traces the matching targets have together. */
  readonly traces: number;
  /** Some of the matching targets, drawn uniformly. */
  readonly some: readonly string[];
}

/** Counts the targets that a run would have, and draws at most `most` of them. */
export async function previewTargets<Filters>(
  db: Database,
  kind: TargetKind<Filters>,
  projectId: string,
  matching: ReturnType<TargetKind<Filters>["matching"]>,
  { rate, most }: { rate: number; most: number },
): Promise<TargetPreview> {
  const counted = await db
    .selectFrom(matching.as("matching"))
    .select((row) => [
      sql<number>`count(*)`.as("matching"),
      sampleSize(rate).as("sampled"),
      sql<number>`coalesce(sum(${kind.traceCount(projectId, row.ref("matching.target_id"))}), 0)`.as(
        "traces",
      ),
    ])
    .executeTakeFirstOrThrow();
  const some = await db
    .selectFrom(matching.as("matching"))
    .select("target_id")
    .orderBy(sql`random()`)
    .limit(most)
    .execute();
  return { ...counted, some: some.map(({ target_id }) => target_id) };
}
