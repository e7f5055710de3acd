import type { Answer } from "../answer.ts";
import { ApiPromise } from "../api-promise.ts";
import type { Configuration } from "../configuration.ts";
import type { Operation, OperationInput, OperationResponse } from "../operation.ts";
import { operationRoutes } from "../operation-routes.ts";
import { type Page, PagePromise } from "../page-promise.ts";
import type { RequestOptions, StreamRunOptions } from "../request-options.ts";
import { type RunEvent, runEvents } from "../run-events.ts";
import { stoppable } from "../stoppable.ts";
import { send } from "../transport.ts";

/**
 * The methods of the API. Each takes its path parameters, then its body, query or metric if it has one, then options. They
 * are made here from the route map and only declared by their resources; that keeps the package small.
 */
export abstract class Methods {
  static {
    for (const [name, { path, takes }] of Object.entries(operationRoutes)) {
      const operation = name as Operation;
      const idCount = path.split("/:").length - 1;
      Object.assign(Methods.prototype, {
        [operation](this: Methods, ...given: (object | string | undefined)[]) {
          const ids = given.splice(0, idCount) as string[];
          if (takes === "events") return this.events(operation, ids, given[0] as StreamRunOptions);
          const input = takes && takes !== "once" ? given.shift() : undefined;
          const options = given[0] as RequestOptions | undefined;
          return takes === "page"
            ? new PagePromise((from) =>
                this.#send<Page<unknown>>(
                  operation,
                  ids,
                  { query: { ...(input as object), ...from } },
                  options,
                ),
              )
            : this.call(operation, ids, { [takes]: input }, options);
        },
      });
    }
  }

  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** @internal */
  protected call<O extends Operation>(
    operation: O,
    ids: readonly string[],
    input: OperationInput,
    options: RequestOptions | undefined,
  ): ApiPromise<OperationResponse<O>> {
    return new ApiPromise(this.#send<OperationResponse<O>>(operation, ids, input, options));
  }

  /** @internal @param silenceMs how long the stream may be silent from now on. Default: as long as a try may take. */
  protected events(
    operation: Operation,
    ids: readonly string[],
    options: StreamRunOptions = {},
    silenceMs = () => options.timeoutMs ?? this.#configuration.timeoutMs,
  ): AsyncGenerator<RunEvent, void, undefined> {
    return stoppable(options.signal, (signal) =>
      runEvents(operation, () => this.#send(operation, ids, {}, { ...options, signal }), signal, silenceMs),
    );
  }

  /** The contract's word is taken for what the server answers. */
  #send<Data>(
    operation: Operation,
    ids: readonly string[],
    input: OperationInput,
    options: RequestOptions | undefined,
  ): Promise<Answer<Data>> {
    return send(this.#configuration, operation, ids, input, options) as Promise<Answer<Data>>;
  }
}
