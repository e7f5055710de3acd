import type { ApiPromise } from "../api-promise.ts";
import type { Health } from "../generated/types.ts";
import type { RequestOptions } from "../request-options.ts";

export interface OperationMethods {
  /**
   * Is the server's process up? Tries once, unless `retries` says otherwise.
   *
   * @throws ConnectionError, TimeoutError where it does not answer.
   * @example
   * ```ts
   * const { status } = await client.getHealth();
   * ```
   */
  getHealth(options?: RequestOptions): ApiPromise<Health>;

  /**
   * Can the server serve: is its database reachable and up to date? Tries once, unless `retries` says otherwise.
   *
   * @throws ServerError where it cannot yet, or is about to stop; ConnectionError, TimeoutError where it does not answer.
   * @example
   * ```ts
   * await client.getReadiness({ retries: 10 });
   * ```
   */
  getReadiness(options?: RequestOptions): ApiPromise<Health>;
}
