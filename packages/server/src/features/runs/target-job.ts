import type { Compute } from "../../compute/compute.ts";
import type { Database } from "../../db/database.ts";
import type { Judges } from "../../judge/judges.ts";
import type { Log } from "../../log.ts";
import type { Judge } from "../../metrics/judge.ts";
import type { RunLedgers } from "../ledger/run-ledgers.ts";
import type { OpenRuns } from "./open-runs.ts";
import type { OpenTarget, TargetKey } from "./open-target.ts";
import type { NewScore, Outcome } from "./outcome.ts";
import type { RunEmbeddings } from "./signals/run-embeddings.ts";
import type { TracePlaces } from "./signals/trace-places.ts";

/** Where what comes of an evaluation goes. */
interface Recorder<Item> {
  /** Resolves once it is kept. */
  record(item: Item): Promise<void>;
}

/** What targets are evaluated with, in earnest or in a rehearsal. */
export interface EvaluationContext {
  readonly db: Database;
  readonly outcomes: Recorder<Outcome>;
  readonly signals: Recorder<NewScore>;
  readonly compute: Compute;
  readonly embeddings: RunEmbeddings;
  readonly places: TracePlaces;
  readonly log: Log;
  /** Aborted when the process is about to end: no new judge call may start. */
  readonly draining: AbortSignal;
}

/** What a worker evaluates targets with. */
export interface TargetContext extends EvaluationContext {
  readonly judges: Judges;
  readonly ledgers: RunLedgers;
  readonly openRuns: OpenRuns;
}

/** One target of one run that is being evaluated. */
export interface TargetJob {
  readonly key: TargetKey;
  readonly target: OpenTarget;
  /** Takes no new question once the process is about to end. */
  readonly judge: Judge;
  /** Aborts the work: no new question may be asked. Its reason may let the judge calls in flight end. */
  readonly stop: AbortSignal;
}
