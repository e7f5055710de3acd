import { shortened } from "../../common/text.ts";
import { type Part, partsOf, UnreadableError } from "./values.ts";

/** How many different reasons an answer gives. */
const mostReasons = 10;

/** Counts the items of a request that cannot be stored, and why. */
export class Rejections {
  readonly #what: string;
  readonly #reasons = new Set<string>();
  #rejected = 0;

  constructor(what: "span" | "log record") {
    this.#what = what;
  }

  /** The items of a list; none, and one rejection, if it is not a list. */
  partsOf(part: Part, name: string): readonly Part[] {
    return this.attempt(() => partsOf(part, name)) ?? [];
  }

  /** Rejects what cannot be read. */
  attempt<Result>(read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      // JavaScript's own are for a time that no date can hold, and for an object in place of a text.
      const isReason = [UnreadableError, RangeError, TypeError].some((kind) => error instanceof kind);
      if (!(isReason && error instanceof Error)) throw error;
      this.reject(1, `A ${this.#what} was not stored: ${error.message}`);
      return undefined;
    }
  }

  reject(count: number, reason: string): void {
    this.#rejected += count;
    this.note([reason]);
  }

  /** Adds a note for the sender about stored items. */
  note(reasons: readonly string[]): void {
    for (const reason of reasons)
      if (this.#reasons.size < mostReasons) this.#reasons.add(shortened(reason, 500));
  }

  summary(): { readonly rejected: number; readonly reasons: readonly string[] } {
    return { rejected: this.#rejected, reasons: [...this.#reasons] };
  }
}
