import { retryAfterMs } from "../errors/retryable.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 10_000;
/** As many connections as a browser opens to one host. */
const mostInFlight = 6;

/**
 * How many traces go in a request, how many requests run at once, and how long to pause between them. A failure halves
 * the size and limits the sender to one request at a time; each success doubles the size, then allows one more request.
 * So traces that cannot be sent are isolated, and a recovering server is not overwhelmed.
 */
export class BatchPace {
  readonly #largest: number;
  #size: number;
  #concurrency = 1;
  #round = 0;
  /** Failed requests in a row. */
  #failures = 0;
  /** When the pause that the server asked for ends, by `performance.now()`. */
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

  /** Every failure starts a new round. Results of batches from earlier rounds change nothing. */
  get round(): number {
    return this.#round;
  }

  /** Whether the last request succeeded. */
  get isSteady(): boolean {
    return this.#failures === 0;
  }

  /** The rest of the pause that the server asked for, in milliseconds. */
  get restMs(): number {
    return Math.max(this.#restsUntil - performance.now(), 0);
  }

  /** @param round the round in which the batch was sent. */
  succeed(round: number): void {
    if (round !== this.#round) return;
    this.#failures = 0;
    if (this.#size < this.#largest) this.#size = Math.min(this.#size * 2, this.#largest);
    else this.#concurrency = Math.min(this.#concurrency + 1, mostInFlight);
  }

  /**
   * Slows down after a failure.
   *
   * @param round the round in which the batch was sent.
   * @param size the most traces in the next batch.
   */
  slowDown(round: number, size: number): void {
    if (round !== this.#round) return;
    this.#round += 1;
    this.#concurrency = 1;
    this.#size = Math.min(this.#size, size);
  }

  /**
   * Counts a retryable failure. To be called before `slowDown`.
   *
   * @param round the round in which the batch was sent.
   * @returns how long to pause, in milliseconds; 0 if a batch of the same round has already started a pause.
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
