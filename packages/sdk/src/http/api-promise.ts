import type { ResponseInfo } from "../options/hooks.ts";

/** The data of a response, with its status, headers and request id. */
export interface Answer<Data> extends ResponseInfo {
  readonly data: Data;
}

/** The promise of a call. Await it to get the data of the response; `withResponse()` also gives status and headers. */
export class ApiPromise<Data> extends Promise<Data> {
  /** `then` and the like return an ordinary promise. */
  static override readonly [Symbol.species] = Promise;

  readonly #answer: Promise<Answer<Data>>;

  constructor(answer: Promise<Answer<Data>>) {
    super((resolve, reject) => {
      answer.then(({ data }) => resolve(data), reject);
    });
    this.#answer = answer;
  }

  /** The data with the status, the headers and the request id of the response. */
  withResponse(): Promise<Answer<Data>> {
    // The caller handles the other promise; a failure must not count as unhandled on this one.
    this.catch(() => {});
    return this.#answer;
  }
}
