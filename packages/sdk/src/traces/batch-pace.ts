import { retryAfterMs } from "../errors/retryable.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 10_000;
/** As many connections as a browser opens to one host. */
const mostInFlight = 6;

/**
 * How many traces go in a request, how many requests go at once, and how long to wait between them. A failure halves the
 * size and leaves one request at a time; each success doubles the size, and then allows one more. So what cannot be sent
 * is found, and a server that comes back is not overrun.
 */
export class BatchPace {
  readonly #largest: number;
  #size: number;
  #concurrency = 1;
  #round = 0;
  /** Failed tries in a row. */
  #failures = 0;
  /** Until when the server asked to be left alone, as `performance.now()` tells it. */
  #restsUntil = 0;

  /** @param largest the most traces in one request. */
  constructor(largest: number) {
    this.#largest = largest;
    this.#size = largest;
  }

  /** How many traces go in the next batch. */
  get size(): number {
    return this.#size;
  }

  /** How many batches may be in flight. */
  get concurrency(): number {
    return this.#concurrency;
  }

  /** Every failure starts a new round. How a batch of an earlier one ends is old news, and changes nothing. */
  get round(): number {
    return this.#round;
  }

  /** Whether the last try met a server that could serve. */
  get isSteady(): boolean {
    return this.#failures === 0;
  }

  /** How long the server still asked to be left alone, in milliseconds. */
  get restMs(): number {
    return Math.max(this.#restsUntil - performance.now(), 0);
  }

  /** @param round in which the batch set off. */
  succeed(round: number): void {
    if (round !== this.#round) return;
    this.#failures = 0;
    if (this.#size < this.#largest) this.#size = Math.min(this.#size * 2, this.#largest);
    else this.#concurrency = Math.min(this.#concurrency + 1, mostInFlight);
  }

  /**
   * Slows down after a failure.
   *
   * @param round in which the batch set off.
   * @param size the most traces in the next batch.
   */
  slowDown(round: number, size: number): void {
    if (round !== this.#round) return;
    this.#round += 1;
    this.#concurrency = 1;
    this.#size = Math.min(this.#size, size);
  }

  /**
   * Before `slowDown`.
   *
   * @param round in which the batch set off.
   * @returns how long to wait for a server that could not serve, in milliseconds; 0 where that is being done already.
   */
  pauseAfter(round: number, error: unknown): number {
    const askedMs = retryAfterMs(error);
    this.#restsUntil = Math.max(this.#restsUntil, performance.now() + askedMs);
    if (round !== this.#round) return 0;
    const ceilingMs = Math.min(firstPauseMs * 2 ** this.#failures, longestPauseMs);
    this.#failures += 1;
    return Math.max(ceilingMs * (0.5 + Math.random() / 2), askedMs);
  }
}
