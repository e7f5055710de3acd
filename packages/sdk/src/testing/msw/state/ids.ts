/** Sequential UUIDs, so that ids are the same in every run of a test and sort by creation. */
export class Ids {
  readonly #series: string;
  #last = 0;

  /** @param series four hexadecimal digits that separate ids of different kinds. */
  constructor(series = "8000") {
    this.#series = series;
  }

  next(): string {
    this.#last += 1;
    return `00000000-0000-7000-${this.#series}-${this.#last.toString(16).padStart(12, "0")}`;
  }

  reset(): void {
    this.#last = 0;
  }
}
