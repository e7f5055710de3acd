/** UUIDs that are counted: the same test sees the same ids, and later ones sort after earlier ones. */
export class Ids {
  #last = 0;

  next(): string {
    this.#last += 1;
    return `00000000-0000-7000-8000-${this.#last.toString(16).padStart(12, "0")}`;
  }

  reset(): void {
    this.#last = 0;
  }
}
