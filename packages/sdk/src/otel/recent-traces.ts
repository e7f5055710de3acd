import type { KnownTrace, KnownTraces } from "./known-traces.ts";

const most = 1_000;

/** What is known of the traces whose spans came last. */
export class RecentTraces implements KnownTraces {
  readonly #traces = new Map<string, KnownTrace>();

  get(id: string): KnownTrace | undefined {
    return this.#traces.get(id);
  }

  set(id: string, trace: KnownTrace): void {
    // Set anew it is the latest.
    this.#traces.delete(id);
    this.#traces.set(id, trace);
    for (const oldest of this.#traces.keys()) {
      if (this.#traces.size <= most) break;
      this.#traces.delete(oldest);
    }
  }
}
