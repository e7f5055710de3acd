import { errorCodes, type Problem } from "@pandaprobe/contract";
import { otlpCode } from "@pandaprobe/contract/rules";
import type { Operation, OperationName } from "../operation.ts";

/** How a call fails. */
export type Fault =
  /** The connection breaks before the server has read the request. Nothing is done. */
  | "network_error"
  /** The request is processed, but the connection breaks before the answer arrives. */
  | "lost_answer"
  /** An error response. Nothing is done. */
  | {
      /** From 400 to 599, such as 429 or 503. */
      readonly status: number;
      /** The `code` of the problem. Default: the first code with this status. */
      readonly code?: string | undefined;
      readonly detail?: string | undefined;
      /** `Retry-After`, in seconds. Default: 1 for 429 and 503, otherwise none. */
      readonly retryAfterSeconds?: number | undefined;
    }
  /** The answer is delayed by this many milliseconds. Fake timers can skip the delay. */
  | { readonly delayMs: number };

/** Makes calls fail. */
export interface FaultScript {
  /**
   * Makes the next calls of an operation fail. Every attempt of the client counts as a call. Several faults for one
   * operation are used in order.
   *
   * @param operation the name of an operation, which is the name of the client's method, or `"*"` for any.
   * @param times how many calls fail. Default: 1.
   * @throws RangeError for a status that is not an error.
   * @example
   * ```ts
   * pandaProbe.faults.next("createTraceRun", { status: 503 }, 2);
   * pandaProbe.faults.next("getTraceRun", "network_error");
   * ```
   */
  next(operation: OperationName | "*", fault: Fault, times?: number): void;
  /** Removes all faults that have not happened yet. */
  reset(): void;
}

interface Planned {
  readonly operation: OperationName | "*";
  readonly fault: Fault;
  left: number;
}

/** The faults that have not happened yet. */
export class FaultQueue implements FaultScript {
  #planned: Planned[] = [];

  next(operation: OperationName | "*", fault: Fault, times = 1): void {
    if (typeof fault === "object" && "status" in fault && !(fault.status >= 400 && fault.status <= 599)) {
      throw new RangeError(`The status of a fault must be from 400 to 599, not ${fault.status}.`);
    }
    this.#planned.push({ operation, fault, left: times });
  }

  /** Takes the fault of this call, if there is one. */
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

/** The response of a fault: a problem document, or a `google.rpc.Status` on OTLP's paths. */
export function faultResponse(
  { status, code, detail = "The test makes this call fail.", retryAfterSeconds }: Refusal,
  requestId: string,
  { path }: Pick<Operation, "path">,
): Response {
  const [known, { title }] = Object.entries(errorCodes).find(([, error]) => error.status === status) ?? [
    "error",
    { title: "Error" },
  ];
  const body: Problem = {
    type: `urn:pandaprobe:problem:${code ?? known}`,
    title,
    status,
    detail,
    code: code ?? known,
    request_id: requestId,
  };
  const isOtlp = path.startsWith("/v1/");
  const headers = new Headers({
    "content-type": isOtlp ? "application/json" : "application/problem+json; charset=utf-8",
    "x-request-id": requestId,
  });
  const seconds = retryAfterSeconds ?? (status === 429 || status === 503 ? 1 : undefined);
  if (seconds !== undefined) headers.set("retry-after", String(seconds));
  const sent = isOtlp ? { code: otlpCode(status), message: detail } : body;
  return new Response(JSON.stringify(sent), { status, headers });
}
