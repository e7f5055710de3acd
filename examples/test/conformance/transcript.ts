import type { RawAnswer } from "./side.ts";

/** A request, and its response when there is one. */
export interface Exchange {
  /** `undefined` if the contract has no such operation. */
  readonly operation: string | undefined;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly answer?: RawAnswer;
}

/** The requests and responses of a side, in the order of the requests. */
export class Transcript {
  /** All operations that have succeeded. */
  readonly operations = new Set<string>();
  #exchanges: Exchange[] = [];

  /** Records a request. @returns records its response */
  asked(exchange: Exchange): (answer: RawAnswer) => void {
    const index = this.#exchanges.push(exchange) - 1;
    return (answer) => {
      this.#exchanges[index] = { ...exchange, answer };
      if (exchange.operation !== undefined && answer.status < 400) this.operations.add(exchange.operation);
    };
  }

  /** Removes and returns what was recorded since the last call. */
  take(): Exchange[] {
    return this.#exchanges.splice(0);
  }
}
