import type { Judges } from "./judges.ts";
import type { RunPlan } from "./runs/run-script.ts";
import type { ScoreBook } from "./scores/score-book.ts";
import type { Changes } from "./state/changes.ts";
import type { Clock } from "./state/clock.ts";
import type { Ids } from "./state/ids.ts";

/** The state that all projects share. */
export interface World extends Judges {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly scores: ScoreBook;
  readonly runs: RunPlan;
  readonly changes: Changes;
}
