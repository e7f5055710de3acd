import { routes } from "./generated/routes.ts";
import type { Operation } from "./operation.ts";

/** A route of the map, in its parts. */
interface OperationRoute {
  readonly method: string;
  /** With `/:` where an id stands. */
  readonly path: string;
  /** What a {@link Route} takes; "" for nothing. */
  readonly takes: string;
}

/** How each operation goes over the wire. */
export const operationRoutes = {} as Record<Operation, OperationRoute>;

for (const [resource, operations] of Object.entries(routes))
  for (const [operation, route] of Object.entries(operations)) {
    const [, method = "", path = "", takes = ""] = /(\w+) ?(\/\S+)? ?(.*)/.exec(route) ?? [];
    operationRoutes[operation as Operation] = { method, path: resource + path, takes };
  }
