import { contract } from "@pandaprobe/contract";

/** An operation of the API: how it is called, and the schemas of its answers, by status. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly responses: Readonly<Record<number, unknown>>;
}

/** The more exact a path, the earlier: `/trace-runs/template` is no run's id. */
const operations = Object.values(contract)
  .flatMap((routes) => Object.entries(routes))
  .map(([id, { method, path, responses }]): Operation & { pattern: RegExp } => ({
    id,
    method,
    path,
    responses,
    // The API may be served below a path of its own.
    pattern: new RegExp(`${path.replace(/:\w+/g, "[^/]+")}$`),
  }))
  .sort((a, b) => exactness(b.path) - exactness(a.path));

/** The operation that a request asks for; `undefined` where the contract has none. */
export function operationOf(method: string, url: string): Operation | undefined {
  const { pathname } = new URL(url);
  return operations.find((operation) => operation.method === method && operation.pattern.test(pathname));
}

/** Longer before shorter, then by how little of it is open. */
function exactness(path: string): number {
  const segments = path.split("/");
  return segments.length * 10 - segments.filter((segment) => segment.startsWith(":")).length;
}
