import { sql } from "kysely";
import type { Database } from "../../db/database.ts";

/** How many deltas one transaction moves: a few hundredths of a second. */
const batchSize = 5000;
/** How many transactions one turn takes at most. */
const batchesPerTurn = 20;

/**
 * Moves changes of scores into the rollups that analytics reads, a bounded number of them. Answers are the same before,
 * meanwhile and afterwards; only reading gets faster. Any number of processes may do it at once: one does, the others pass.
 */
export async function foldScores(db: Database, stop: AbortSignal): Promise<void> {
  for (let batch = 0; batch < batchesPerTurn && !stop.aborted; batch += 1) {
    const { rows } = await sql<{ moved: number }>`select fold_score_deltas(${batchSize}) as moved`.execute(
      db,
    );
    if ((rows[0]?.moved ?? 0) < batchSize) return;
  }
}
