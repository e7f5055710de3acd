import type { RawAnswer } from "./side.ts";

/** Something that was asked, and its answer once there is one. */
export interface Exchange {
  /** `undefined` where the contract has no such operation. */
  readonly operation: string | undefined;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly answer?: RawAnswer;
}

/** What a side was asked and answered, in the order it was asked. */
export class Transcript {
  /** The operations that were answered well, ever. */
  readonly operations = new Set<string>();
  #exchanges: Exchange[] = [];

  /** Writes a request down. @returns what writes its answer down */
  asked(exchange: Exchange): (answer: RawAnswer) => void {
    const index = this.#exchanges.push(exchange) - 1;
    return (answer) => {
      this.#exchanges[index] = { ...exchange, answer };
      if (exchange.operation !== undefined && answer.status < 400) this.operations.add(exchange.operation);
    };
  }

  /** What was written down since the last time. */
  take(): Exchange[] {
    return this.#exchanges.splice(0);
  }
}
