import { stoppable } from "../async/stoppable.ts";
import { type Answer, ApiPromise } from "../http/api-promise.ts";
import { type Page, PagePromise } from "../http/page-promise.ts";
import type { CallOptions, RequestInput } from "../http/request.ts";
import { type RunEvent, runEvents } from "../http/run-events.ts";
import { send } from "../http/send.ts";
import type { Configuration } from "../options/configuration.ts";
import type { RequestOptions } from "../options/request-options.ts";
import type { Route } from "../route.ts";

/**
 * The three kinds of request that the client's methods make. The types of responses come from the contract; nothing checks
 * them at run time.
 */
export abstract class Requests {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** @internal */
  protected request<Data>(
    operation: string,
    route: Route,
    ids: readonly string[],
    input: RequestInput,
    options: RequestOptions | undefined,
  ): ApiPromise<Data> {
    return new ApiPromise(
      send(this.#configuration, operation, route, ids, input, options) as Promise<Answer<Data>>,
    );
  }

  /** @internal */
  protected page<Item>(
    operation: string,
    route: Route,
    ids: readonly string[],
    query: object | undefined,
    options: RequestOptions | undefined,
  ): PagePromise<Item> {
    return new PagePromise((from) =>
      this.request<Page<Item>>(
        operation,
        route,
        ids,
        { query: { ...query, ...from } },
        options,
      ).withResponse(),
    );
  }

  /** @internal */
  protected events(
    operation: string,
    route: Route,
    ids: readonly string[],
    options: CallOptions = {},
  ): AsyncGenerator<RunEvent, void, undefined> {
    const { silenceMs = () => options.timeoutMs ?? this.#configuration.timeoutMs } = options;
    return stoppable(options.signal, (signal) =>
      runEvents(
        operation,
        () => this.request(operation, route, ids, {}, { ...options, signal }),
        signal,
        silenceMs,
      ),
    );
  }
}
