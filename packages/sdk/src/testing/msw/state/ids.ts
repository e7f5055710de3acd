/** UUIDs that are counted: the same test sees the same ids, and later ones sort after earlier ones. */
export class Ids {
  readonly #series: string;
  #last = 0;

  /** @param series four hexadecimal digits, by which ids of several kinds differ. */
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
