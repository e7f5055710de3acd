import { contract } from "@pandaprobe/contract";

/** An operation of the API, and the schemas of its responses by status. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly responses: Readonly<Record<number, unknown>>;
}

/** The most specific path first, so that the `template` in `/trace-runs/template` is not treated as the id of a run. */
const operations = Object.values(contract)
  .flatMap((routes) => Object.entries(routes))
  .map(([id, { method, path, responses }]): Operation & { pattern: RegExp } => ({
    id,
    method,
    path,
    responses,
    // The API may be served below a path prefix.
    pattern: new RegExp(`${path.replace(/:\w+/g, "[^/]+")}$`),
  }))
  .sort((a, b) => specificity(b.path) - specificity(a.path));

/** The operation of a request; `undefined` if the contract has none. */
export function operationOf(method: string, url: string): Operation | undefined {
  const { pathname } = new URL(url);
  return operations.find((operation) => operation.method === method && operation.pattern.test(pathname));
}

/** Longer paths are more specific, then those with fewer parameters. */
function specificity(path: string): number {
  const segments = path.split("/");
  return segments.length * 10 - segments.filter((segment) => segment.startsWith(":")).length;
}
