import type { Compute } from "../../../compute/compute.ts";
import type { Database } from "../../../db/database.ts";
import type { Judges } from "../../../judge/judges.ts";
import type { SqlLedgers } from "../../../judge/ledger/sql-ledger.ts";
import type { Log } from "../../../log.ts";
import type { EndedItem, NewScore } from "../outcome.ts";
import type { OpenTarget, TargetKey } from "./open-target.ts";
import type { Panel } from "./panel.ts";
import type { RunWatch } from "./run-watch.ts";
import type { RunEmbeddings } from "./signals/run-embeddings.ts";
import type { TraceSlots } from "./signals/trace-slots.ts";

/** Stores the evaluation results. */
interface Recorder<Item> {
  /** Resolves once the item is stored. */
  record(item: Item): Promise<void>;
}

/** The dependencies of every evaluation, even of a dry run. */
export interface EvaluationContext {
  readonly db: Database;
  readonly outcomes: Recorder<EndedItem>;
  readonly signals: Recorder<NewScore>;
  readonly compute: Compute;
  readonly embeddings: RunEmbeddings;
  readonly traceSlots: TraceSlots;
  readonly log: Log;
}

/** Work stops in two phases when the process stops, the run has ended, or another worker has reclaimed the job. */
export interface StopSignals {
  /** Aborted first: no new judge call starts, and calls in flight may end. */
  readonly stop: AbortSignal;
  /** Aborted later: calls in flight are aborted. */
  readonly abortCalls: AbortSignal;
}

/** The dependencies of a worker that evaluates targets. */
export interface TargetContext extends EvaluationContext {
  readonly judges: Judges;
  readonly ledgers: SqlLedgers;
  readonly runWatch: RunWatch;
}

/** A target of a run that is being evaluated. */
export interface TargetJob {
  readonly key: TargetKey;
  readonly target: OpenTarget;
  readonly panel: Panel;
  /**
   * The judge of a metric of the project's own.
   *
   * @throws JudgeError if this server does not have its model.
   */
  panelOf(metric: string): Panel;
  /** Once aborted, no new judge call starts. */
  readonly stop: AbortSignal;
}
