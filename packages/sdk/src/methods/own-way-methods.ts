import type { ApiPromise } from "../api-promise.ts";
import type { EvalRunTemplate, Health } from "../generated/types.ts";
import type { RequestOptions } from "../request-options.ts";
import { Methods } from "./methods.ts";

/** The methods that take something else than the route map tells. */
export abstract class OwnWayMethods extends Methods {
  /**
   * Gets everything about one metric, its prompts included, as a request to start from.
   *
   * @throws BadRequestError for an unknown metric.
   * @example
   * ```ts
   * const { metric } = await client.getTraceRunTemplate("task_completion");
   * ```
   */
  getTraceRunTemplate(metric: string, options?: RequestOptions): ApiPromise<EvalRunTemplate> {
    return this.call("getTraceRunTemplate", [], { query: { metric } }, options);
  }

  /**
   * Is the server's process up? Tries once, unless `retries` says otherwise.
   *
   * @throws ConnectionError, TimeoutError where it does not answer.
   * @example
   * ```ts
   * const { status } = await client.getHealth();
   * ```
   */
  getHealth(options?: RequestOptions): ApiPromise<Health> {
    return this.call("getHealth", [], {}, { retries: 0, ...options });
  }

  /**
   * Can the server serve: is its database reachable and up to date? Tries once, unless `retries` says otherwise.
   *
   * @throws ServerError where it cannot yet, or is about to stop; ConnectionError, TimeoutError where it does not answer.
   * @example
   * ```ts
   * await client.getReadiness({ retries: 10 });
   * ```
   */
  getReadiness(options?: RequestOptions): ApiPromise<Health> {
    return this.call("getReadiness", [], {}, { retries: 0, ...options });
  }
}
