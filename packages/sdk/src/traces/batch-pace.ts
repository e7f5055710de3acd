import { askedPauseMs } from "../errors/asked-pause-ms.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 10_000;

/**
 * How many traces go in a request, and how long to wait between two. Sizes halve where batches fail and double with each
 * success: what cannot be sent is found by itself, and a server that comes back is not run over.
 */
export class BatchPace {
  readonly #largest: number;
  #size: number;
  /** Tries in a row that met no server that could serve. */
  #failures = 0;
  /** Until when the server asked to be left alone, as `performance.now()` tells it. */
  #restsUntil = 0;

  /** @param largest how many traces go in a request at the most. */
  constructor(largest: number) {
    this.#largest = largest;
    this.#size = largest;
  }

  /** How many traces go in the next batch. */
  get size(): number {
    return this.#size;
  }

  /** Whether the last try met a server that could serve. */
  get isSteady(): boolean {
    return this.#failures === 0;
  }

  /** How long the server still asked to be left alone, in milliseconds. */
  get restMs(): number {
    return Math.max(this.#restsUntil - performance.now(), 0);
  }

  succeed(): void {
    this.#failures = 0;
    this.#size = Math.min(this.#size * 2, this.#largest);
  }

  /** What failed may be the fault of some of the `count` traces that were sent. */
  shrink(count: number): void {
    this.#size = Math.ceil(count / 2);
  }

  /** @returns how long to wait for a server that could not serve, in milliseconds. */
  pauseAfter(error: unknown): number {
    const ceilingMs = Math.min(firstPauseMs * 2 ** this.#failures, longestPauseMs);
    const askedMs = askedPauseMs(error);
    this.#failures += 1;
    this.#restsUntil = performance.now() + askedMs;
    return Math.max(ceilingMs * (0.5 + Math.random() / 2), askedMs);
  }
}
