/**
 * How one operation goes over the wire: its method; its path, with `:name` where a parameter stands and `~` for `evaluations`; and what it takes
 * besides: a `body`, a `query`, or the query of a `page` of a list. One of `events` answers with a stream of them.
 */
export type Route = `${Method} /${string}` | `${Method} /${string} ${"body" | "query" | "page" | "events"}`;

type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** The values of a route's path parameters, in the order they stand in the path. */
export type PathParameters<R extends Route> = R extends `${Method} ${infer Path} ${string}`
  ? Parameters<Path>
  : R extends `${Method} ${infer Path}`
    ? Parameters<Path>
    : never;

type Parameters<Path extends string> = Path extends `${string}/:${string}/${infer Rest}`
  ? readonly [string, ...Parameters<`/${Rest}`>]
  : Path extends `${string}/:${string}`
    ? readonly [string]
    : readonly [];
