import type { Answer } from "./answer.ts";

/** The promise of what the server answers: of the data alone, or through `withResponse()` of what surrounds it too. */
export class ApiPromise<Data> extends Promise<Data> {
  /** What `then` and its kind make is an ordinary promise. */
  static override readonly [Symbol.species] = Promise;

  readonly #answer: Promise<Answer<Data>>;

  constructor(answer: Promise<Answer<Data>>) {
    super((resolve, reject) => {
      answer.then(({ data }) => resolve(data), reject);
    });
    this.#answer = answer;
  }

  /** The data with the status, the headers and the request id of the answer. */
  withResponse(): Promise<Answer<Data>> {
    // The caller now has the other promise to handle; a failure must not count as unhandled on this one.
    this.catch(() => {});
    return this.#answer;
  }
}
