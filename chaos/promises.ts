/** Work that goes on in the background until somebody asks what came of it. */
export class Promises<Result> {
  readonly #all: Promise<Result>[] = [];

  get count(): number {
    return this.#all.length;
  }

  add(work: Promise<Result>): void {
    // Whoever asks for all of them hears of it.
    work.catch(() => undefined);
    this.#all.push(work);
  }

  all(): Promise<Result[]> {
    return Promise.all(this.#all);
  }
}
