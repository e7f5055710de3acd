import { errorCodes, type Problem } from "@pandaprobe/contract";
import type { OperationName } from "../operation.ts";

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

interface Planned {
  readonly operation: OperationName | "*";
  readonly fault: Fault;
  left: number;
}

/** The faults that are still to happen. */
export class FaultQueue implements FaultScript {
  #planned: Planned[] = [];

  next(operation: OperationName | "*", fault: Fault, times = 1): void {
    if (typeof fault === "object" && "status" in fault && !(fault.status >= 400 && fault.status <= 599)) {
      throw new RangeError(`A fault answers a status from 400 to 599, not ${fault.status}.`);
    }
    this.#planned.push({ operation, fault, left: times });
  }

  /** What this call of the operation is to suffer. */
  take(operation: OperationName): Fault | undefined {
    const planned = this.#planned.find(
      (candidate) => candidate.left > 0 && (candidate.operation === "*" || candidate.operation === operation),
    );
    if (planned === undefined) return undefined;
    planned.left -= 1;
    return planned.fault;
  }

  reset(): void {
    this.#planned = [];
  }
}

type Refusal = Extract<Fault, { readonly status: number }>;

/** The answer of a fault. */
export function faultResponse(
  { status, code, detail, retryAfterSeconds }: Refusal,
  requestId: string,
): Response {
  const [known, { title }] = Object.entries(errorCodes).find(([, error]) => error.status === status) ?? [
    "error",
    { title: "Error" },
  ];
  const body: Problem = {
    type: `urn:pandaprobe:problem:${code ?? known}`,
    title,
    status,
    detail: detail ?? "The test lets this call fail.",
    code: code ?? known,
    request_id: requestId,
  };
  const headers = new Headers({
    "content-type": "application/problem+json; charset=utf-8",
    "x-request-id": requestId,
  });
  const seconds = retryAfterSeconds ?? (status === 429 || status === 503 ? 1 : undefined);
  if (seconds !== undefined) headers.set("retry-after", String(seconds));
  return new Response(JSON.stringify(body), { status, headers });
}
