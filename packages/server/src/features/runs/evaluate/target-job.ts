import type { Compute } from "../../../compute/compute.ts";
import type { Database } from "../../../db/database.ts";
import type { Judges } from "../../../judge/judges.ts";
import type { SqlLedgers } from "../../../judge/ledger/sql-ledger.ts";
import type { Log } from "../../../log.ts";
import type { Judge } from "../../../metrics/judge.ts";
import type { NewScore, Outcome } from "../outcome.ts";
import type { OpenTarget, TargetKey } from "./open-target.ts";
import type { RunWatch } from "./run-watch.ts";
import type { RunEmbeddings } from "./signals/run-embeddings.ts";
import type { TraceSlots } from "./signals/trace-slots.ts";

/** Where what comes of an evaluation goes. */
interface Recorder<Item> {
  /** Resolves once it is kept. */
  record(item: Item): Promise<void>;
}

/** What targets are evaluated with, for real or in a dry run. */
export interface EvaluationContext {
  readonly db: Database;
  readonly outcomes: Recorder<Outcome>;
  readonly signals: Recorder<NewScore>;
  readonly compute: Compute;
  readonly embeddings: RunEmbeddings;
  readonly places: TraceSlots;
  readonly log: Log;
}

/** The two phases in which work stops, because the process does, the run has ended, or another worker has the job. */
export interface StopSignals {
  /** First: no new judge call starts; those in flight may end. */
  readonly stop: AbortSignal;
  /** Later: calls in flight are aborted. */
  readonly abortCalls: AbortSignal;
}

/** What a worker evaluates targets with. */
export interface TargetContext extends EvaluationContext {
  readonly judges: Judges;
  readonly ledgers: SqlLedgers;
  readonly runWatch: RunWatch;
}

/** One target of one run that is being evaluated. */
export interface TargetJob {
  readonly key: TargetKey;
  readonly target: OpenTarget;
  readonly judge: Judge;
  /** No new judge call starts once this is aborted. */
  readonly stop: AbortSignal;
}
