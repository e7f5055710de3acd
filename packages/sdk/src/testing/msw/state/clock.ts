/**
 * The time of the mock server: the program's time (including fake timers) plus the time by which the test has
 * advanced it.
 */
export class Clock {
  #aheadMs = 0;

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
  }

  reset(): void {
    this.#aheadMs = 0;
  }
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
