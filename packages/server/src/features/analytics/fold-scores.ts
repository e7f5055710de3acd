import { sql } from "kysely";
import type { Database } from "../../db/database.ts";

/** How many deltas one transaction moves, in a few tens of milliseconds. */
const batchSize = 5000;
/** How many transactions one call makes at most. */
const maxBatches = 20;

/**
 * Moves a bounded number of score deltas into the rollups that analytics reads. Answers do not change; reading only
 * gets faster. Any number of processes may call it at once: one folds, the others return.
 */
export async function foldScores(db: Database, stop: AbortSignal): Promise<void> {
  for (let batch = 0; batch < maxBatches && !stop.aborted; batch += 1) {
    const { rows } = await sql<{ moved: number }>`select fold_score_deltas(${batchSize}) as moved`.execute(
      db,
    );
    if ((rows[0]?.moved ?? 0) < batchSize) return;
  }
}
