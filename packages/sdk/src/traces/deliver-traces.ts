import { isAuthenticationError } from "../errors/authentication-error.ts";
import { mayPass } from "../errors/may-pass.ts";
import type { TypedInput } from "../operation.ts";
import type { RequestOptions } from "../request-options.ts";

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

type Send = (
  operation: "createTrace",
  input: TypedInput<"createTrace">,
  options: RequestOptions,
) => PromiseLike<unknown>;

/** By one request for all; by one for each where the server is too old for that. */
export function deliverTraces(call: Send): DeliverTraces {
  return async (traces, keepalive, signal) => {
    const send = (operation: "createTrace", input: TypedInput<"createTrace">) =>
      call(operation, { ...input, keepalive }, { signal, totalTimeoutMs });
    const refusals: unknown[] = [];
    for (const json of traces) {
      refusals.push(
        await send("createTrace", { json }).then(
          () => undefined,
          (error: unknown) => {
            if (mayPass(error) || isAuthenticationError(error)) throw error;
            return error;
          },
        ),
      );
    }
    return refusals;
  };
}
