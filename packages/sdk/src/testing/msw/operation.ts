import { contract, type RouteMetadata } from "@pandaprobe/contract";
import type { OtherOperationName } from "../../generated/other-names.ts";
import type { OperationRoutes } from "../../generated/routes.ts";

// Derived only from the routes, because otherwise the package would declare the types of all requests and responses
// twice.

/** The name of an API operation: of a client method, or of an operation without one. */
export type OperationName = keyof OperationRoutes | OtherOperationName;

/** The parts of an operation in the contract that the mock server needs. */
export interface Operation {
  readonly id: OperationName;
  readonly method: string;
  /** With parameters as `:name`. */
  readonly path: string;
  readonly metadata: RouteMetadata;
  readonly pathParams: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** The status of success. */
  readonly status: number;
}

/** Every operation of the contract, paths with fewer parameters first, so that the more exact of two matches wins. */
export const operations: readonly Operation[] = Object.values(contract)
  .flatMap((routes) => Object.entries(routes))
  .map(
    ([id, route]): Operation => ({
      id: id as OperationName,
      method: route.method,
      path: route.path,
      metadata: route.metadata as RouteMetadata,
      pathParams: "pathParams" in route ? route.pathParams : undefined,
      query: "query" in route ? route.query : undefined,
      body: "body" in route ? route.body : undefined,
      status: Number(Object.keys(route.responses).find((status) => status.startsWith("2"))),
    }),
  )
  .sort((a, b) => parameters(a) - parameters(b));

function parameters({ path }: Operation): number {
  return path.split(":").length;
}
