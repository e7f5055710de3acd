import { type ApiPromise, type PagePromise, PandaProbe, type RequestOptions } from "@pandaprobe/sdk";
import type { RequestInput } from "./http/request.ts";
import type { Route } from "./route.ts";

/** The client with its private requests, for the clients of other entry points. */
export class OpenRequests extends PandaProbe {
  override request<Data>(
    operation: string,
    route: Route,
    ids: readonly string[],
    input: RequestInput,
    options: RequestOptions | undefined,
  ): ApiPromise<Data> {
    return super.request(operation, route, ids, input, options);
  }

  override page<Item>(
    operation: string,
    route: Route,
    ids: readonly string[],
    query: object | undefined,
    options: RequestOptions | undefined,
  ): PagePromise<Item> {
    return super.page(operation, route, ids, query, options);
  }
}
