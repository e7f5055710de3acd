import type { OperationName } from "../operation-name.ts";

/** What goes wrong with a call. */
export type Fault =
  /** The connection breaks before the server has read the request: nothing is done. */
  | "network_error"
  /** What was asked is done, and the connection breaks before the answer is there. */
  | "lost_answer"
  /** It is refused, and nothing is done. */
  | {
      /** Such as 429 or 503. */
      readonly status: number;
      /** The problem's `code`. Default: the one of that status. */
      readonly code?: string | undefined;
      readonly detail?: string | undefined;
      /** `Retry-After`, in seconds. Default: 1 for a 429 and a 503, none for others. */
      readonly retryAfterSeconds?: number | undefined;
    }
  /** It is answered so many milliseconds late (which fake timers make pass). */
  | { readonly delayMs: number };

/** Lets calls go wrong. */
export interface FaultScript {
  /**
   * The next calls of an operation go wrong so; each try of the client is a call. Of several faults for an operation each is
   * used up before the next one.
   *
   * @param operation an operation's name, which is the name of the client's method, or `"*"` for any.
   * @param times how many calls. Default: 1.
   * @throws RangeError for a status that is none of an error.
   * @example
   * ```ts
   * pandaProbe.faults.next("createTraceRun", { status: 503 }, 2);
   * pandaProbe.faults.next("getTraceRun", "network_error");
   * ```
   */
  next(operation: OperationName | "*", fault: Fault, times?: number): void;
  /** Forgets those that have not happened yet. */
  reset(): void;
}
