import { type BatchCreateResponse, type BatchItemError, isApiError, ValidationError } from "@pandaprobe/sdk";
import { isRetryable } from "../errors/retryable.ts";
import type { RequestInput } from "../http/request.ts";
import type { RequestOptions } from "../options/request-options.ts";
import { concernsAll } from "./concerns-all.ts";

/** Beyond it a batch goes back to the queue, which a program that ends does not wait for as it waits for a request. */
const totalTimeoutMs = 10_000;

/**
 * Delivers traces, each given as JSON.
 *
 * @returns for each, why the server refused it; `undefined` where it took it.
 */
export type DeliverTraces = (
  traces: readonly string[],
  keepalive: boolean,
  signal: AbortSignal,
) => Promise<readonly unknown[]>;

/** The body of a request that brings traces, and whether it outlives the page. */
export type TraceInput = Pick<RequestInput, "json" | "keepalive">;

type Send<Answer> = (input: TraceInput, options: RequestOptions) => PromiseLike<Answer>;

/** The requests that bring traces to the server. */
export interface TraceRequests {
  readonly sendTrace: Send<unknown>;
  readonly sendBatch: Send<BatchCreateResponse>;
}

/** By one request for all; by one for each where the server is too old for that. */
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
        // A server that takes `batch` for the id of a trace says 405.
        if (!isApiError(error) || (error.status !== 404 && error.status !== 405)) throw error;
      }
    }
    const refusals: unknown[] = [];
    for (const json of traces) {
      try {
        await requests.sendTrace({ json, keepalive }, options);
        refusals.push(undefined);
      } catch (error) {
        // What is no matter of this trace is one of all that are left.
        if (isRetryable(error) || concernsAll(error) || signal.aborted) throw error;
        refusals.push(error);
      }
      // Known only now: a proxy whose server is away may say 404 to everything.
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
