import type { Answer } from "../answer.ts";
import { ApiPromise } from "../api-promise.ts";
import type { Configuration } from "../configuration.ts";
import type { Operation, OperationIds, OperationInput, OperationResponse, TypedInput } from "../operation.ts";
import { operationRoutes } from "../operation-routes.ts";
import { type Page, PagePromise } from "../page-promise.ts";
import type { RequestOptions, StreamRunOptions } from "../request-options.ts";
import { type RunEvent, runEvents } from "../run-events.ts";
import { stoppable } from "../stoppable.ts";
import { send } from "../transport.ts";

/**
 * What the methods of every resource stand on. A method that takes its path parameters, then its body or query if it has
 * one, then options, is made here from the route map and only declared by its resource; that keeps the package small.
 */
export abstract class Methods {
  static {
    for (const [name, { path, takes }] of Object.entries(operationRoutes)) {
      const operation = name as Operation;
      const idCount = path.split("/:").length - 1;
      Object.assign(Methods.prototype, {
        [operation](this: Methods, ...given: unknown[]) {
          const ids = given.splice(0, idCount) as string[];
          if (takes === "events") return this.events(operation, ids, given[0] as StreamRunOptions);
          const input = takes && given.shift();
          const options = given[0] as RequestOptions | undefined;
          return takes === "page"
            ? this.#page(operation, ids, input as object | undefined, options)
            : this.call(operation, ids as never, { [takes]: input }, options);
        },
      });
    }
  }

  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** @internal For a method that takes more, or something else, than the route map tells. */
  protected call<O extends Operation>(
    operation: O,
    ids: OperationIds<O>,
    input: TypedInput<O>,
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

  #page(
    operation: Operation,
    ids: readonly string[],
    query: object | undefined,
    options: RequestOptions | undefined,
  ): PagePromise<unknown> {
    return new PagePromise((from) =>
      this.#send<Page<unknown>>(operation, ids, { query: { ...query, ...from } }, options),
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
