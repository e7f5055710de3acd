import { type BatchCreateResponse, type BatchItemError, isApiError, ValidationError } from "@pandaprobe/sdk";
import { isRetryable } from "../errors/retryable.ts";
import type { RequestInput } from "../http/request.ts";
import type { RequestOptions } from "../options/request-options.ts";

/**
 * After this time a batch goes back to the queue, because an ending program waits for requests, but not for
 * the queue.
 */
const totalTimeoutMs = 10_000;

/**
 * Delivers traces, each given as JSON.
 *
 * @returns for each trace, why the server rejected it, or `undefined` if it was stored.
 */
export type DeliverTraces = (
  traces: readonly string[],
  keepalive: boolean,
  signal: AbortSignal,
) => Promise<readonly unknown[]>;

/** The body of a request that delivers traces, and whether the request outlives the page. */
export type TraceInput = Pick<RequestInput, "json" | "keepalive">;

type Send<Answer> = (input: TraceInput, options: RequestOptions) => PromiseLike<Answer>;

/** The requests that deliver traces. */
export interface TraceRequests {
  readonly sendTrace: Send<unknown>;
  readonly sendBatch: Send<BatchCreateResponse>;
}

/** Sends one request for all traces; one for each if the server is too old for batches. */
export function deliverTraces(requests: TraceRequests): DeliverTraces {
  let takesBatches = true;
  return async (traces, keepalive, signal) => {
    const options = { signal, totalTimeoutMs };
    if (takesBatches) {
      try {
        const json = `{"traces":[${traces.join(",")}]}`;
        const { items } = await requests.sendBatch({ json, keepalive }, options);
        const refusals = new Map(items.map(({ index, error }) => [index, error]));
        return traces.map((_, index) => refusal(refusals.get(index)));
      } catch (error) {
        // An older server treats `batch` as the id of a trace, and responds with 405.
        if (!isApiError(error) || (error.status !== 404 && error.status !== 405)) throw error;
      }
    }
    const refusals: unknown[] = [];
    for (const json of traces) {
      try {
        await requests.sendTrace({ json, keepalive }, options);
        refusals.push(undefined);
      } catch (error) {
        // A failure that is not about this trace concerns all remaining ones.
        if (isRetryable(error) || refusesAll(error) || signal.aborted) throw error;
        refusals.push(error);
      }
      // Only now is it certain: a proxy whose server is down may respond with 404 to everything.
      takesBatches = false;
    }
    return refusals;
  };
}

function refusal(error: BatchItemError | null | undefined): ValidationError | undefined {
  if (error === null || error === undefined) return undefined;
  const { code, detail, errors } = error;
  const places = errors.map(({ loc, msg }) => `\n  ${loc.join(".")}: ${msg}`).join("");
  return new ValidationError(`The server refused a trace with ${code}: ${detail}${places}`, {
    operation: "createTraceBatch",
    status: 422,
    code,
    detail,
    errors,
    retryAfterSeconds: null,
  });
}

/** An invalid key, or an endpoint that does not accept traces. */
const statuses: readonly number[] = [401, 404, 405];

/** Whether the server would refuse any trace, not just this one. */
export function refusesAll(error: unknown): boolean {
  return isApiError(error) && statuses.includes(error.status);
}
