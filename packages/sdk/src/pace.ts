const ceilingMs = 10_000;

/** How long to pause between looks at something that changes: longer and longer, and never less than the floor. */
export class Pace {
  readonly #floorMs: number;
  #pauseMs: number;

  constructor(floorMs: number) {
    this.#floorMs = floorMs;
    this.#pauseMs = floorMs;
  }

  /**
   * @param isFresh whether there was news, and so more of it may come soon.
   * @param atLeastMs what the server asked for.
   */
  next(isFresh: boolean, atLeastMs = 0): number {
    if (isFresh) this.#pauseMs = this.#floorMs;
    const jitteredMs = this.#floorMs + Math.random() * (this.#pauseMs - this.#floorMs);
    this.#pauseMs = Math.max(this.#floorMs, Math.min(this.#pauseMs * 1.5, ceilingMs));
    return Math.max(jitteredMs, atLeastMs);
  }
}
