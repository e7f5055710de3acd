import type { Database } from "../../db/database.ts";
import type { Outcome } from "./outcome.ts";
import { recordOutcomes } from "./record-outcomes.ts";

/** How long an outcome may wait for others to be stored with. */
const maxWaitMs = 50;

interface Waiting {
  readonly outcome: Outcome;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Stores outcomes a few at a time, for every transaction locks the run's row. While one batch of a run is being stored,
 * the next one gathers.
 */
export class OutcomeBatcher {
  readonly #db: Database;
  readonly #gathering = new Map<string, Waiting[]>();
  readonly #storing = new Map<string, Promise<void>>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Resolves once the outcome is durable (or was found to be superfluous). */
  async record(outcome: Outcome): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { outcome, resolve, reject };
    const gathering = this.#gathering.get(outcome.run_id);
    if (gathering === undefined) {
      this.#gathering.set(outcome.run_id, [waiting]);
      setTimeout(() => void this.#store(outcome.run_id), maxWaitMs);
    } else {
      gathering.push(waiting);
    }
    await promise;
  }

  async #store(runId: string): Promise<void> {
    await this.#storing.get(runId);
    const batch = this.#gathering.get(runId);
    const first = batch?.[0];
    if (batch === undefined || first === undefined) return;
    this.#gathering.delete(runId);
    const run = { project_id: first.outcome.project_id, id: runId };
    const storing = recordOutcomes(
      this.#db,
      run,
      batch.map((waiting) => waiting.outcome),
    ).then(
      () => batch.forEach((waiting) => void waiting.resolve()),
      (error: unknown) => batch.forEach((waiting) => void waiting.reject(error)),
    );
    this.#storing.set(runId, storing);
    await storing;
    if (this.#storing.get(runId) === storing) this.#storing.delete(runId);
  }
}
