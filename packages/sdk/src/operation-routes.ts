import { routes } from "./generated/routes.ts";
import type { Operation } from "./operation.ts";
import type { OperationRoute } from "./route.ts";

type Parts = [route: string, method: string, path: string | undefined, takes: string];

/** How each operation goes over the wire. */
export const operationRoutes = {} as Record<Operation, OperationRoute>;

for (const [resource, operations] of Object.entries(routes))
  for (const [operation, route] of Object.entries(operations)) {
    const [, method, path = "", takes] = /(\w+) ?(\/\S+)? ?(.*)/.exec(route) as unknown as Parts;
    operationRoutes[operation as Operation] = { method, path: resource + path, takes };
  }
