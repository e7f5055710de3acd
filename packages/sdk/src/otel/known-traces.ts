import type { TraceSummary } from "@pandaprobe/contract/otel";

/** A trace's summary from earlier spans: JSON, to be passed back unchanged. */
export type KnownTrace = TraceSummary;

/** Traces by their OpenTelemetry ids. */
export interface KnownTraces {
  get(id: string): KnownTrace | undefined;
  set(id: string, trace: KnownTrace): unknown;
}

const most = 1_000;

/** The traces whose spans came last. */
export class RecentTraces implements KnownTraces {
  readonly #traces = new Map<string, KnownTrace>();

  get(id: string): KnownTrace | undefined {
    return this.#traces.get(id);
  }

  set(id: string, trace: KnownTrace): void {
    // A Map keeps insertion order: set again, it is the newest.
    this.#traces.delete(id);
    this.#traces.set(id, trace);
    for (const oldest of this.#traces.keys()) {
      if (this.#traces.size <= most) break;
      this.#traces.delete(oldest);
    }
  }
}
