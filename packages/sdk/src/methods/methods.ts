import type { Answer } from "../answer.ts";
import { ApiPromise } from "../api-promise.ts";
import type {
  Operation,
  OperationInput,
  OperationResponse,
  PathParameters,
  TypedInput,
} from "../operation.ts";
import { type Page, PagePromise } from "../page-promise.ts";
import type { RequestOptions } from "../request-options.ts";
import type { Transport } from "../transport.ts";

/** The operations that answer one page of a list. */
type ListOperation = {
  [O in Operation]: OperationResponse<O> extends Page<unknown> ? O : never;
}[Operation];
type Item<O extends ListOperation> = OperationResponse<O>["items"][number];

/** What the methods of every resource stand on. */
export abstract class Methods {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  protected call<O extends Operation>(
    operation: O,
    params: PathParameters<O>,
    input: TypedInput<O>,
    options: RequestOptions | undefined,
  ): ApiPromise<OperationResponse<O>> {
    return new ApiPromise(this.#send<OperationResponse<O>>(operation, params, input, options));
  }

  protected list<O extends ListOperation>(
    operation: O,
    query: TypedInput<O>["query"],
    options: RequestOptions | undefined,
    ...params: PathParameters<O>
  ): PagePromise<Item<O>> {
    const send = (input: OperationInput) => this.#send<Page<Item<O>>>(operation, params, input, options);
    return new PagePromise(send({ query }), async (offset) => {
      const { data } = await send({ query: { ...query, offset } });
      return data;
    });
  }

  /** The contract's word is taken for what the server answers. */
  #send<Data>(
    operation: Operation,
    params: readonly string[],
    input: OperationInput,
    options: RequestOptions | undefined,
  ): Promise<Answer<Data>> {
    return this.#transport.send(operation, params, input, options) as Promise<Answer<Data>>;
  }
}
